// SPDX-License-Identifier: Apache-2.0
// A village without a public name: Ana has an account on snac at oak.test, Bob one on another at
// elm.test, and the box speaks by Ana's.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "tests/interop/activitypub/fediverse.h"
#include "tests/interop/activitypub/snac.h"
#include "tests/interop/mesh/handhelds.h"

namespace waypost::interop {
namespace {

using Statuses = std::vector<Poco::JSON::Object::Ptr>;

// Those of a list, of statuses or notifications, that say this.
Statuses saying(const std::string& json, const std::string& text) {
    Statuses some;
    const auto list = Poco::JSON::Parser().parse(json).extract<Poco::JSON::Array::Ptr>();
    for (const auto& each : *list) {
        auto status = each.extract<Poco::JSON::Object::Ptr>();
        if (status->has("status")) status = status->getObject("status");
        if (status->getValue<std::string>("content").find(text) != std::string::npos)
            some.push_back(status);
    }
    return some;
}

class FediverseAccount : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<Fediverse>();
        oak_ = std::make_unique<Snac>(*world_, "oak.test", std::vector<std::string>{"ana"});
        elm_ = std::make_unique<Snac>(*world_, "elm.test", std::vector<std::string>{"bob", "eve"});
        elm_->describe("eve", "Goats. #NoBridge");
        folder_ = std::make_unique<Folder>();
        handhelds_ = std::make_unique<Handhelds>(std::vector<std::string>{"ana", "ben"});
        box_ = std::make_unique<BoxProcess>(
            *folder_, handhelds_->settings() +
                          "[fediverse_account.ana]\nserver = \"https://oak.test\"\n"
                          "person = \"ana\"\ntoken_file = \"ana.token\"\npoll = \"10s\"\n"
                          "near = [\"oak.test\"]\nca_file = \"" +
                          world_->authority() + "\"\n");
        box_->waypost("people add ana --radio meshtastic:!0000000a");
        box_->waypost("people add ben --radio meshtastic:!0000000b");
    }
    static void TearDownTestSuite() {
        box_.reset();
        handhelds_.reset();
        folder_.reset();
        elm_.reset();
        oak_.reset();
        world_.reset();
    }
    void TearDown() override {
        if (!HasFailure()) return;
        std::cerr << handhelds_->seen() << box_->log() << box_->waypost("status")
                  << box_->traces(12) << "--- oak\n"
                  << oak_->log() << "--- elm\n"
                  << elm_->log();
    }

    // What Ana does in her browser, and the box before and after.
    static std::string let_in() {
        const std::string said = box_->waypost("fediverse-account authorise ana");
        EXPECT_NE(said.find("&code_challenge_method=S256"), std::string::npos) << said;
        const std::string app =
            found(said, "https://oak.test/oauth/authorize\\S*client_id=([^&]+)");
        return box_->waypost("fediverse-account code ana " + oak_->let_in("ana", app));
    }
    static bool status_says(const std::string& text) { return box_->status_says(text); }
    static void type(const std::string& text) { handhelds_->type("ana", text); }
    static bool ana_shows(const std::string& begin, const std::string& end = {}) {
        return handhelds_->shows_some("ana", begin, end);
    }
    static Statuses public_posts(const std::string& text) {
        const std::string own =
            found(oak_->api("ana", "GET", "/api/v1/accounts/verify_credentials"),
                  "\"id\":\\s*\"([^\"]+)");
        return saying(oak_->api("ana", "GET", "/api/v1/accounts/" + own + "/statuses"), text);
    }
    // The box is killed by itself where this is known of the n-th that it sends, and begins again.
    static void dies_and_rises(int n, const std::string& typed,
                               const std::function<void()>& between) {
        box_->stop();
        box_->start("outcome-known:" + std::to_string(n));
        ASSERT_TRUE(status_says("fediverse_account.ana: works"));
        type(typed);
        eventually([&] { return box_->died(); }, std::chrono::seconds(20));
        box_->kill9();
        between();
        box_->start();
        ASSERT_TRUE(status_says("fediverse_account.ana: works"));
    }
    static bool settles(const std::string& to) {
        return eventually(
            [&] { return box_->waypost("queue list").find(to) == std::string::npos; });
    }
    static std::string at_home() { return oak_->api("ana", "GET", "/api/v1/timelines/home"); }

    static inline std::unique_ptr<Fediverse> world_;
    static inline std::unique_ptr<Snac> oak_, elm_;
    static inline std::unique_ptr<Folder> folder_;
    static inline std::unique_ptr<Handhelds> handhelds_;
    static inline std::unique_ptr<BoxProcess> box_;
};

TEST_F(FediverseAccount, AItsOwnerLetsTheBoxIn) {
    EXPECT_TRUE(status_says("not authorised yet: `waypost fediverse-account authorise ana`"));
    EXPECT_NE(let_in().find("for ana"), std::string::npos);
    EXPECT_EQ(shell("stat -c %a " + *folder_ / "ana.token"), "600\n");
    EXPECT_TRUE(status_says("fediverse_account.ana: works")) << "without a restart";
}

TEST_F(FediverseAccount, BARadioWritesAndIsAnswered) {
    type("@bob@elm.test Is the ford open?");
    EXPECT_TRUE(elm_->shows("bob", "Is the ford open?"));
    elm_->whisper("bob", "@ana@oak.test It is, since noon");
    EXPECT_TRUE(ana_shows("2 bob", ": It is, since noon"));
    type("*2 Then I come");
    EXPECT_TRUE(elm_->shows("bob", "Then I come"));
    const Statuses answer = saying(at_home(), "Then I come");
    const Statuses question =
        saying(oak_->api("ana", "GET", "/api/v1/notifications"), "since noon");
    ASSERT_EQ(answer.size(), 1u);
    ASSERT_EQ(question.size(), 1u);
    EXPECT_EQ(answer[0]->getValue<std::string>("in_reply_to_id"),
              question[0]->getValue<std::string>("id"));
    // snac names him twice in an answer.
    for (const auto& each : *answer[0]->getArray("mentions"))
        EXPECT_EQ(each.extract<Poco::JSON::Object::Ptr>()->getValue<std::string>("acct"),
                  "bob@elm.test");
    EXPECT_EQ(oak_->curl("https://oak.test/ana").find("Then I come"), std::string::npos)
        << "it is nobody else's";
}

// Killed when the server has the status and the box has not heard so; snac knows no
// Idempotency-Key.
TEST_F(FediverseAccount, CALetterIsPostedOnceThoughTheBoxIsKilled) {
    bool was_there = false;
    for (int n = 1; n <= 3; ++n) {
        const std::string text = "Letter number " + std::to_string(n);
        dies_and_rises(n, "@bob@elm.test " + text,
                       [&] { was_there = was_there || !saying(at_home(), text).empty(); });
        EXPECT_TRUE(elm_->shows("bob", text));
        EXPECT_TRUE(settles("acct:bob")) << box_->waypost("queue list");
        EXPECT_EQ(saying(at_home(), text).size(), 1u);
    }
    EXPECT_TRUE(was_there) << "it was never killed behind a post";
    EXPECT_NE(box_->traces(30).find("it was there already"), std::string::npos);
}

TEST_F(FediverseAccount, DARevokedTokenIsSaidAndAnotherTaken) {
    const std::string app = contents(*folder_ / "ana.token.app");
    oak_->curl("-d client_id=" + found(app, "client_id\":\\s*\"([^\"]+)") +
               " -d client_secret=" + found(app, "client_secret\":\\s*\"([^\"]+)") +
               " -d token=$(cat " + *folder_ / "ana.token" + ") https://oak.test/oauth/revoke");
    EXPECT_TRUE(status_says("does not take the token any more"));
    type("@bob@elm.test Do you hear me?");
    EXPECT_TRUE(ana_shows("", "kept"));
    let_in();
    EXPECT_TRUE(status_says("fediverse_account.ana: works"));
    EXPECT_TRUE(elm_->shows("bob", "Do you hear me?"));
}

TEST_F(FediverseAccount, EAProfileThatSaysNoBridgeIsKeptTo) {
    type("@eve@elm.test What do the goats eat?");
    const auto refused = [] {
        return box_->traces(60).find("wants no messages from other networks, its profile says") !=
               std::string::npos;
    };
    EXPECT_TRUE(eventually(refused));
    EXPECT_TRUE(saying(at_home(), "What do the goats eat?").empty());
    elm_->whisper("eve", "@ana@oak.test I write to you myself");
    EXPECT_TRUE(ana_shows("9 eve", ": I write to you myself"));
}

TEST_F(FediverseAccount, FAPublicPostIsThereOnceThoughTheBoxIsKilled) {
    type("#public The dam is dry");
    EXPECT_TRUE(ana_shows("All the world can read it"));
    EXPECT_TRUE(public_posts("The dam is dry").empty()) << "before she has agreed";
    type("1");
    EXPECT_TRUE(eventually([] { return !public_posts("The dam is dry").empty(); }));
    EXPECT_NE(oak_->curl("https://oak.test/ana").find("The dam is dry"), std::string::npos);
    bool was_there = false;
    for (int n = 1; n <= 3; ++n) {
        const std::string text = "Post number " + std::to_string(n);
        dies_and_rises(n, "#public " + text,
                       [&] { was_there = was_there || !public_posts(text).empty(); });
        EXPECT_TRUE(eventually([&] { return !public_posts(text).empty(); }));
        EXPECT_TRUE(settles("acct:public")) << box_->waypost("queue list");
        EXPECT_EQ(public_posts(text).size(), 1u);
    }
    EXPECT_TRUE(was_there) << "it was never killed behind a post";
    handhelds_->type("ben", "#public Ben has a word too");
    EXPECT_TRUE(handhelds_->shows_some("ben", "All the world can read it"));
    handhelds_->type("ben", "1");
    EXPECT_TRUE(handhelds_->shows_some("ben", "", "kept > #public"));
    type("#public And a last one");
    EXPECT_TRUE(eventually([] { return !public_posts("And a last one").empty(); }));
    EXPECT_TRUE(public_posts("Ben has a word too").empty()) << "it is Ana's account";
}

TEST_F(FediverseAccount, GTheBoxGivesItsTokenBack) {
    const std::string token = contents(*folder_ / "ana.token");
    EXPECT_NE(box_->waypost("fediverse-account revoke ana").find("is removed"), std::string::npos);
    EXPECT_EQ(shell("ls " + folder_->path() + " | grep -c ana.token || true"), "0\n");
    EXPECT_EQ(
        oak_->curl("-o /dev/null -w %{http_code} -H 'Authorization: Bearer " +
                   token.substr(0, token.find('\n')) + "' https://oak.test/api/v1/notifications"),
        "401");
    EXPECT_TRUE(status_says("`waypost fediverse-account authorise ana`"));
}

// With the browser of a friend; the box has nothing but her radio.
TEST_F(FediverseAccount, HSheLetsTheBoxInByRadio) {
    const std::string app = *folder_ / "ana.token.app";
    type("@bob@elm.test I am away for a while");
    type("@code@oak.test ?");
    EXPECT_TRUE(eventually([&] {
        return handhelds_->seen().find("Open the link below in any browser") != std::string::npos;
    }));
    EXPECT_TRUE(saying(at_home(), "away for a while").empty()) << "there is no token yet";
    type("@code@oak.test " +
         oak_->let_in("ana", found(contents(app), "client_id\":\\s*\"([^\"]+)")));
    EXPECT_TRUE(ana_shows("", "by ana@oak.test for you."));
    EXPECT_TRUE(status_says("fediverse_account.ana: works"));
    EXPECT_TRUE(elm_->shows("bob", "away for a while"));
    EXPECT_TRUE(saying(at_home(), "code@oak.test").empty()) << "none of it has left the box";
}

}  // namespace
}  // namespace waypost::interop
