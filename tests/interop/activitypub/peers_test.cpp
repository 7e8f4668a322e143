// SPDX-License-Identifier: Apache-2.0
// The peers among themselves, without a gateway: what the other tests of this folder rely on.
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/interop/activitypub/fedify.h"
#include "tests/interop/activitypub/snac.h"

namespace waypost::interop {
namespace {

class Peers : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<Fediverse>();
        snac_ = std::make_unique<Snac>(*world_, "oak.test", std::vector<std::string>{"alice"});
        fedify_ = std::make_unique<Fedify>(*world_, "dale.test",
                                           std::vector<std::string>{"bob", "carol"});
        snac_->follow("alice", fedify_->actor("bob"));
        fedify_->waits_for("Follow", snac_->actor("alice"));
        fedify_->deed("follow", {{"as", "bob"}, {"whom", snac_->handle("alice")}});
        fedify_->waits_for("Accept", "follow");
    }
    static void TearDownTestSuite() {
        fedify_.reset();
        snac_.reset();
        world_.reset();
    }
    void TearDown() override {
        if (HasFailure()) std::cerr << snac_->log() << fedify_->log();
    }
    static inline std::unique_ptr<Fediverse> world_;
    static inline std::unique_ptr<Snac> snac_;
    static inline std::unique_ptr<Fedify> fedify_;
};

// They follow one another.
TEST_F(Peers, WriteInPublicAndInPrivate) {
    Snac& snac = *snac_;
    const Fedify& fedify = *fedify_;
    fedify.deed("note", {{"as", "bob"}, {"text", "The ford is closed"}});
    EXPECT_TRUE(snac.shows("alice", "The ford is closed"));
    fedify.deed("note", {{"as", "bob"},
                         {"text", "Only for you"},
                         {"to", "direct"},
                         {"mention", Fedify::list({snac.handle("alice")})}});
    EXPECT_TRUE(snac.shows("alice", "Only for you"));

    snac.note("alice", "Snow on the pass");
    const auto note = fedify.waits_for("Create", "Snow on the pass");
    EXPECT_EQ(note.actor, snac.actor("alice"));
    EXPECT_NE(note.json.find("#Public"), std::string::npos);
    snac.whisper("alice", fedify.handle("bob") + " bring the rope");
    EXPECT_EQ(fedify.waits_for("Create", "bring the rope").json.find("#Public"), std::string::npos);
}

TEST_F(Peers, AnswerLikePassOnCorrectAndTakeBack) {
    Snac& snac = *snac_;
    const Fedify& fedify = *fedify_;
    snac.note("alice", "Bread on Friday");
    const auto create = Poco::JSON::Parser()
                            .parse(fedify.waits_for("Create", "Bread on Friday").json)
                            .extract<Poco::JSON::Object::Ptr>();
    const std::string bread = text_of(create->get("object"), "id");
    for (const char* deed : {"like", "announce"})
        fedify.deed(deed, {{"as", "bob"}, {"object", bread}});
    fedify.deed("note", {{"as", "bob"}, {"text", "I take two"}, {"reply_to", bread}});
    const auto bridge = fedify.deed("note", {{"as", "bob"}, {"text", "The bridge holds"}});
    const auto mistake = fedify.deed("note", {{"as", "bob"}, {"text", "By mistake"}});
    EXPECT_TRUE(snac.shows("alice", "I take two"));
    EXPECT_TRUE(snac.shows("alice", "By mistake"));
    fedify.deed("update",
                {{"as", "bob"}, {"id", text_of(bridge, "id")}, {"text", "It holds carts"}});
    fedify.deed("delete", {{"as", "bob"}, {"id", text_of(mistake, "id")}});
    EXPECT_TRUE(snac.shows("alice", "It holds carts"));
    EXPECT_TRUE(snac.is_told("alice", "favourite"));
    EXPECT_TRUE(snac.is_told("alice", "reblog"));
    EXPECT_TRUE(eventually([&] {
        return snac.api("alice", "GET", "/api/v1/timelines/home").find("By mistake") ==
               std::string::npos;
    }));
    const auto gone =
        fedify.deed("get", {{"as", Poco::Dynamic::Var()}, {"url", text_of(mistake, "id")}});
    EXPECT_EQ(number_of(gone, "status"), 410);

    snac.boost("alice", text_of(bridge, "id"));
    fedify.waits_for("Announce", text_of(bridge, "id"));
    snac.command("unfollow", "alice " + fedify.actor("bob"));
    EXPECT_TRUE(eventually([&] { return fedify.followers("bob").empty(); }));
    snac.follow("alice", fedify.actor("bob"));
    EXPECT_TRUE(eventually([&] { return fedify.followers("bob").size() == 1; }));
}

// Carol, who is needed for nothing else: she moves, and then is gone.
TEST_F(Peers, BlockMoveAndLeave) {
    Snac& snac = *snac_;
    const Fedify& fedify = *fedify_;
    snac.follow("alice", fedify.actor("carol"));
    ASSERT_TRUE(eventually([&] { return fedify.followers("carol").size() == 1; }));
    ASSERT_EQ(fedify.followers("carol"), std::vector<std::string>{snac.actor("alice")});
    const auto follow = fedify.deed("follow", {{"as", "carol"}, {"whom", snac.handle("alice")}});
    fedify.waits_for("Accept", text_of(follow, "id"));
    fedify.deed("undo", {{"as", "carol"}, {"id", text_of(follow, "id")}});
    fedify.deed("profile", {{"as", "carol"}, {"name", "Carol of the mill"}});
    EXPECT_EQ(
        text_of(fedify.deed("lookup", {{"as", "bob"}, {"what", fedify.handle("carol")}}), "name"),
        "Carol of the mill");
    fedify.deed("block", {{"as", "carol"}, {"whom", snac.handle("alice")}});
    fedify.deed("flag", {{"whom", snac.handle("alice")}, {"text", "rude"}});
    fedify.deed("move", {{"as", "carol"}, {"target", fedify.handle("bob")}});
    fedify.deed("leave", {{"as", "carol"}});
    const auto gone =
        fedify.deed("get", {{"as", Poco::Dynamic::Var()}, {"url", fedify.actor("carol")}});
    EXPECT_EQ(number_of(gone, "status"), 410);
    EXPECT_TRUE(eventually([&] { return snac.log().find("Flag") != std::string::npos; }));
    EXPECT_TRUE(eventually([&] { return snac.log().find("Move") != std::string::npos; }));
}

// A server that wants to know who reads, or has no time just now.
TEST_F(Peers, AreAsStrictAsATestWants) {
    const Fedify& fedify = *fedify_;
    fedify.deed("settings", R"({"secure": true})");
    const auto reads = [&](const Poco::Dynamic::Var& as) {
        return number_of(fedify.deed("get", {{"as", as}, {"url", fedify.actor("bob")}}), "status");
    };
    EXPECT_EQ(reads(Poco::Dynamic::Var()), 401);
    EXPECT_EQ(reads("instance"), 200);
    fedify.deed("settings", R"({"secure": false, "fail": {"times": 1, "status": 503}})");
    EXPECT_EQ(reads(Poco::Dynamic::Var()), 200);
    const auto posts = [&] {
        return fedify.raw(fedify.actor("bob") + "/inbox", "{}", {{"as", Poco::Dynamic::Var()}});
    };
    EXPECT_EQ(posts(), 503);
    EXPECT_NE(posts(), 503);
}

// Restarts lose nobody: what was refused or not there is tried again.
TEST_F(Peers, APeerThatWasAwayGetsItLater) {
    snac_->stop();
    fedify_->deed("note", {{"as", "bob"}, {"text", "While you were away"}});
    snac_->start();
    EXPECT_TRUE(snac_->shows("alice", "While you were away"));
}

// What a test of the gateway may send that no good server would.
TEST_F(Peers, ASignatureThatDoesNotHoldIsNoActivity) {
    Poco::JSON::Object like;
    like.set("@context", "https://www.w3.org/ns/activitystreams");
    like.set("type", "Like");
    like.set("id", "https://dale.test/likes/1");
    like.set("actor", fedify_->actor("bob"));
    like.set("object", snac_->actor("alice"));
    const auto answered = [&](const std::vector<Fedify::Field>& more) {
        return fedify_->raw(fedify_->actor("bob") + "/inbox", like, more);
    };
    const std::string other =
        R"({"@context": "https://www.w3.org/ns/activitystreams", "type": "Like",)"
        R"("id": "https://dale.test/likes/2", "actor": "https://dale.test/users/bob",)"
        R"("object": "https://oak.test/alice"})";
    EXPECT_EQ(answered({{"body", other}}), 401);
    EXPECT_EQ(answered({{"as", Poco::Dynamic::Var()}}), 401);
    EXPECT_EQ(answered({{"flavour", Fedify::kRfc9421}}), 202);
    EXPECT_EQ(fedify_->waits_for("Like", "likes/1").actor, fedify_->actor("bob"));
}

}  // namespace
}  // namespace waypost::interop
