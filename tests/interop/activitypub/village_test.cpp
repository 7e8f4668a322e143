// SPDX-License-Identifier: Apache-2.0
// A village with a domain among servers of two makers: snac at oak.test, Fedify at dale.test. What
// is typed on the radio is what Ana types, what she reads is what her screen shows.
#include <Poco/JSON/Object.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/interop/activitypub/fedify.h"
#include "tests/interop/activitypub/hill.h"
#include "tests/interop/activitypub/snac.h"

namespace waypost::interop {
namespace {

// Of a note with this id, to one reader.
Poco::JSON::Object create_of(const std::string& author, const std::string& id,
                             const std::string& html, const std::string& reader) {
    Poco::JSON::Object note, create;
    note.set("type", "Note");
    note.set("id", id);
    note.set("attributedTo", author);
    note.set("content", html);
    note.set("to", Fedify::list({reader}));
    create.set("@context", "https://www.w3.org/ns/activitystreams");
    create.set("type", "Create");
    create.set("id", id + "#create");
    create.set("actor", author);
    create.set("object", note);
    return create;
}

class FediverseVillage : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<Fediverse>();
        snac_ = std::make_unique<Snac>(*world_, "oak.test", std::vector<std::string>{"alice"});
        fedify_ = std::make_unique<Fedify>(*world_, "dale.test",
                                           std::vector<std::string>{"bob", "carol", "dan"});
        hill_ = std::make_unique<Hill>(*world_);
    }
    static void TearDownTestSuite() {
        hill_.reset();
        fedify_.reset();
        snac_.reset();
        world_.reset();
    }
    void TearDown() override {
        if (HasFailure())
            std::cerr << hill_->seen() << "--- snac\n"
                      << snac_->log() << "--- fedify\n"
                      << fedify_->log();
    }
    void type(const std::string& who, const std::string& text) {
        hill_->handhelds().type(who, text);
    }
    bool shows(const std::string& who, const std::string& begin, const std::string& end = {}) {
        return hill_->handhelds().shows_some(who, begin, end);
    }
    // From Fedify: to one of ours alone.
    Poco::Dynamic::Var direct(const std::string& as, const std::string& text,
                              const std::string& whom) {
        return fedify_->deed("note", {{"as", as},
                                      {"text", text},
                                      {"to", "direct"},
                                      {"mention", Fedify::list({hill_->handle(whom)})}});
    }
    bool trace_says(const std::string& text) {
        return eventually([&] { return hill_->box().traces(60).find(text) != std::string::npos; });
    }

    static inline std::unique_ptr<Fediverse> world_;
    static inline std::unique_ptr<Snac> snac_;
    static inline std::unique_ptr<Fedify> fedify_;
    static inline std::unique_ptr<Hill> hill_;
};

// Ana writes first, so both may write to her.
TEST_F(FediverseVillage, ARadioWritesAndIsAnswered) {
    type("ana", "@bob@dale.test Is the ford open?");
    const auto note = fedify_->waits_for("Create", "Is the ford open?");
    EXPECT_EQ(note.actor, hill_->actor("ana"));
    EXPECT_EQ(note.json.find("#Public"), std::string::npos);
    direct("bob", "It is, since noon", "ana");
    EXPECT_TRUE(shows("ana", "2 bob", ": It is, since noon"));

    type("ana", "@alice@oak.test Have you bread?");
    EXPECT_TRUE(snac_->shows("alice", "Have you bread?"));
    snac_->whisper("alice", hill_->handle("ana") + " Two loaves");
    EXPECT_TRUE(shows("ana", "4 alice", "Two loaves"));
}

TEST_F(FediverseVillage, AStrangerWaitsUntilHeIsTaken) {
    direct("dan", "You do not know me", "ben");
    EXPECT_TRUE(shows("ben", "Mail held from dan@dale.test"));
    EXPECT_EQ(hill_->handhelds().seen().find("do not know"), std::string::npos);
    type("ben", "@+1");
    EXPECT_TRUE(shows("ben", "1 dan", ": You do not know me"));
}

TEST_F(FediverseVillage, AGroupIsFollowedAndItsPostsGoToBothServers) {
    hill_->waypost("groups add news --title \"News of the hill\"");
    hill_->waypost("groups join news acct:public@hill.test");
    type("ana", "#+news");
    EXPECT_TRUE(shows("ana", "You are in #news"));
    fedify_->deed("follow", {{"as", "bob"}, {"whom", hill_->handle("news")}});
    fedify_->waits_for("Accept", hill_->actor("news"));
    snac_->follow("alice", hill_->actor("news"));
    EXPECT_TRUE(eventually([&] {
        return snac_->log().find("confirmed follow from " + hill_->actor("news")) !=
               std::string::npos;
    }));
    type("ana", "#news The road is open");
    const auto post = fedify_->waits_for("Create", "The road is open");
    EXPECT_EQ(post.actor, hill_->actor("news"));
    EXPECT_NE(post.json.find("#Public"), std::string::npos);
    EXPECT_TRUE(snac_->shows("alice", "The road is open"));
}

TEST_F(FediverseVillage, WhoWantsToFollowAPersonWaitsForHerYes) {
    const auto follow = fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("ana")}});
    EXPECT_TRUE(shows("ana", "Mail held from carol@dale.test"));
    type("ana", "@carol@dale.test Who are you?");
    fedify_->waits_for("Accept", hill_->actor("ana"));
    type("ana", "#public The dam is dry");
    EXPECT_TRUE(shows("ana", "All the world can read it"));
    type("ana", "1");
    EXPECT_EQ(fedify_->waits_for("Create", "The dam is dry").actor, hill_->actor("ana"));
    fedify_->deed("undo", {{"as", "carol"}, {"id", text_of(follow, "id")}});
}

TEST_F(FediverseVillage, AnAccountIsFollowedAndItsPostsAreRead) {
    type("ana", "#+@alice@oak.test");
    EXPECT_TRUE(shows("ana", "You are in #alice@oak.test"));
    EXPECT_TRUE(eventually(
        [&] { return snac_->log().find("hill.test/ap/hill.test") != std::string::npos; }));
    EXPECT_TRUE(
        eventually([&] { return hill_->box().log().find("follows") != std::string::npos; }));
    snac_->note("alice", "Snow on the pass");
    EXPECT_TRUE(shows("ana", "", "Snow on the pass"));
}

TEST_F(FediverseVillage, AnEditAndADeletion) {
    const auto note = direct("bob", "Meet at six", "ana");
    EXPECT_TRUE(shows("ana", "", ": Meet at six"));
    fedify_->deed("update", {{"as", "bob"}, {"id", text_of(note, "id")}, {"text", "At seven"}});
    EXPECT_TRUE(shows("ana", "", "* At seven"));
    type("ana", "stop");
    EXPECT_TRUE(shows("ana", "Stop all mail"));
    type("ana", "1");
    EXPECT_TRUE(shows("ana", "Stopped"));
    const auto angry = direct("bob", "You are a fool", "ana");
    EXPECT_TRUE(eventually(
        [&] { return hill_->waypost("queue list held").find("person:ana") != std::string::npos; }));
    fedify_->deed("delete", {{"as", "bob"}, {"id", text_of(angry, "id")}});
    EXPECT_TRUE(trace_says("taken back"));
    type("ana", "start");
    EXPECT_TRUE(shows("ana", "Mail comes again"));
    direct("bob", "Sorry", "ana");
    EXPECT_TRUE(shows("ana", "", ": Sorry"));
    EXPECT_EQ(hill_->handhelds().seen().find("fool"), std::string::npos);
}

TEST_F(FediverseVillage, LikesAndBoostsAreCountedAndCostNoAirtime) {
    type("ana", "#public Eggs to give");  // she has agreed before
    std::string id;
    ASSERT_TRUE(eventually([&] {
        const auto box =
            fedify_->deed("get", {{"as", "instance"}, {"url", hill_->actor("ana") + "/outbox"}});
        const std::string body = text_of(box, "body");
        const std::size_t at = body.find(hill_->actor("ana") + "/notes/");
        if (at != std::string::npos) id = body.substr(at, body.find('"', at) - at);
        return !id.empty();
    }));
    const std::string before = hill_->handhelds().seen();
    fedify_->deed("like", {{"as", "bob"}, {"object", id}});
    fedify_->deed("announce", {{"as", "carol"}, {"object", id}});
    EXPECT_TRUE(trace_says("liked 1, shared 1"));
    const std::string after = hill_->handhelds().seen().substr(before.size());
    for (const char* told : {"bob", "carol", "liked"})
        EXPECT_EQ(after.find(told), std::string::npos) << after;
}

TEST_F(FediverseVillage, AForgedActivityIsRefused) {
    const auto create = create_of(snac_->actor("alice"), "https://oak.test/alice/p/1",
                                  "<p>I am alice, send money</p>", hill_->actor("ana"));
    const auto answered = [&](const std::vector<Fedify::Field>& more) {
        return fedify_->raw(hill_->actor("ana") + "/inbox", create, more);
    };
    EXPECT_EQ(answered({}), 401) << "signed by bob, said by alice";
    EXPECT_EQ(answered({{"as", Poco::Dynamic::Var()}}), 401);
    EXPECT_EQ(answered({{"flavour", Fedify::kRfc9421}}), 401);
    EXPECT_EQ(answered({{"body", "{}"}}), 400);
    EXPECT_EQ(hill_->handhelds().seen().find("send money"), std::string::npos);
}

// Killed when his server has the letter and the box has not said so to itself: it goes again, under
// its id.
TEST_F(FediverseVillage, BothWaysAKillLosesNothing) {
    const auto copies = [&] {
        std::vector<std::string> ids;
        for (const auto& each : fedify_->got("Create"))
            if (each.json.find("After the flood") != std::string::npos) ids.push_back(each.id);
        return ids;
    };
    hill_->box().stop();
    hill_->box().start("outcome-known");
    type("ana", "@bob@dale.test After the flood");
    // What is known first may be what her radio was told.
    for (int kills = 0; kills < 8; ++kills) {
        ASSERT_TRUE(eventually([&] { return hill_->box().died(); }));
        if (!copies().empty()) break;
        hill_->box().start("outcome-known");
    }
    ASSERT_EQ(copies().size(), 1u);
    const std::string first = copies().front();
    hill_->box().start();
    EXPECT_TRUE(eventually(
        [&] { return hill_->waypost("queue").find("acct:bob@dale.test") == std::string::npos; }));
    for (const std::string& id : copies()) EXPECT_EQ(id, first);

    const auto create = create_of(fedify_->actor("bob"), fedify_->actor("bob") + "/n/flood",
                                  "<p>The bridge stands</p>", hill_->actor("ana"));
    EXPECT_EQ(fedify_->raw(hill_->actor("ana") + "/inbox", create), 202);
    hill_->box().kill9();
    hill_->box().start();
    EXPECT_TRUE(shows("ana", "", ": The bridge stands"));
}

TEST_F(FediverseVillage, ABlockEndsIt) {
    Poco::JSON::Object block;
    block.set("@context", "https://www.w3.org/ns/activitystreams");
    block.set("type", "Block");
    block.set("id", fedify_->actor("dan") + "#block");
    block.set("actor", fedify_->actor("dan"));
    block.set("object", hill_->actor("ben"));
    EXPECT_EQ(fedify_->raw(hill_->actor("ben") + "/inbox", block, {{"as", "dan"}}), 202);
    type("ben", "@dan@dale.test Are you there?");
    EXPECT_TRUE(trace_says("takes no messages from here"));
}

}  // namespace
}  // namespace waypost::interop
