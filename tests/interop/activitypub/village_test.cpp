// SPDX-License-Identifier: Apache-2.0
// A village with a domain among servers of two makers: snac at oak.test, Fedify at dale.test. What
// is typed on the radio is what Ana types, what she reads is what her screen shows.
#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

class FediverseVillage : public FediverseStory {
  protected:
    static void SetUpTestSuite() { open({}, true); }
    static void TearDownTestSuite() { close(); }
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
    EXPECT_FALSE(showed("do not know"));
    type("ben", "@+1");
    EXPECT_TRUE(shows("ben", "1 dan", ": You do not know me"));
}

TEST_F(FediverseVillage, AGroupIsFollowedAndItsPostsGoToBothServers) {
    publish_news();
    fedify_->deed("follow", {{"as", "bob"}, {"whom", hill_->handle("news")}});
    fedify_->waits_for("Accept", hill_->actor("news"));
    alice_follows_news();
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
    const std::string note = direct("bob", "Meet at six", "ana");
    EXPECT_TRUE(shows("ana", "", ": Meet at six"));
    fedify_->deed("update", {{"as", "bob"}, {"id", note}, {"text", "At seven"}});
    EXPECT_TRUE(shows("ana", "", "* At seven"));
    type("ana", "stop");
    EXPECT_TRUE(shows("ana", "Stop all mail"));
    type("ana", "1");
    EXPECT_TRUE(shows("ana", "Stopped"));
    const std::string angry = direct("bob", "You are a fool", "ana");
    EXPECT_TRUE(eventually(
        [&] { return hill_->waypost("queue list held").find("person:ana") != std::string::npos; }));
    fedify_->deed("delete", {{"as", "bob"}, {"id", angry}});
    EXPECT_TRUE(trace_says("taken back"));
    type("ana", "start");
    EXPECT_TRUE(shows("ana", "Mail comes again"));
    direct("bob", "Sorry", "ana");
    EXPECT_TRUE(shows("ana", "", ": Sorry"));
    EXPECT_FALSE(showed("fool"));
}

TEST_F(FediverseVillage, LikesAndBoostsAreCountedAndCostNoAirtime) {
    type("ana", "#public Eggs to give");  // she has agreed before
    const std::string id = last_post_of("ana");
    ASSERT_NE(id, "");
    const std::string before = hill_->handhelds().seen();
    fedify_->deed("like", {{"as", "bob"}, {"object", id}});
    fedify_->deed("announce", {{"as", "carol"}, {"object", id}});
    EXPECT_TRUE(trace_says("liked 1, shared 1"));
    const std::string after = hill_->handhelds().seen().substr(before.size());
    for (const char* told : {"bob", "carol", "liked"})
        EXPECT_EQ(after.find(told), std::string::npos) << after;
}

TEST_F(FediverseVillage, AForgedActivityIsRefused) {
    const auto create =
        create_of(snac_->actor("alice"), "https://oak.test/alice/p/1", "I am alice, send money");
    const auto answered = [&](const std::vector<Fedify::Field>& more) {
        return fedify_->raw(hill_->actor("ana") + "/inbox", create, more);
    };
    EXPECT_EQ(answered({}), 401) << "signed by bob, said by alice";
    EXPECT_EQ(answered({{"as", Poco::Dynamic::Var()}}), 401);
    EXPECT_EQ(answered({{"flavour", Fedify::kRfc9421}}), 401);
    EXPECT_EQ(answered({{"body", "{}"}}), 400);
    EXPECT_FALSE(showed("send money"));
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

    const auto create =
        create_of(fedify_->actor("bob"), fedify_->actor("bob") + "/n/flood", "The bridge stands");
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
