// SPDX-License-Identifier: Apache-2.0
// What has been said is taken back, and who was known under one address has another: against snac
// and Fedify.
#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

class FediverseWordsOfOurs : public FediverseStory {
  protected:
    static void SetUpTestSuite() { open("", true); }
    static void TearDownTestSuite() { close(); }

    // What Ana types is kept, which she is told so; its number.
    static std::string writes(const std::string& line, const std::string& told = " kept") {
        const int before = lines_with("ana", told);
        type("ana", line);
        EXPECT_TRUE(eventually([&] { return lines_with("ana", told) > before; })) << line;
        return number_of_line("ana", told);
    }
    // As Fedify was brought it.
    static std::string id_of_note(const std::string& text) {
        return note_that_says(text)->getValue<std::string>("id");
    }
    static bool fedify_holds(const std::string& id) {
        return fedify_->deed("holds", {{"id", id}})
            .extract<Poco::JSON::Object::Ptr>()
            ->getValue<bool>("holds");
    }
    static bool fedify_loses(const std::string& id) {
        return eventually([&] { return !fedify_holds(id); });
    }
    // In Alice's timeline, or among what she is told.
    static bool snac_has(const std::string& text) {
        return snac_->api("alice", "GET", "/api/v1/timelines/home").find(text) !=
                   std::string::npos ||
               snac_->api("alice", "GET", "/api/v1/notifications").find(text) != std::string::npos;
    }
    static bool snac_loses(const std::string& text) {
        return eventually([&] { return !snac_has(text); });
    }
    static std::string outbox_of(const std::string& name) {
        return text_of(
            fedify_->deed("get", {{"as", "instance"}, {"url", hill_->actor(name) + "/outbox"}}),
            "body");
    }
    // She says -7 to a box that is killed at this point of what follows, and starts again.
    static void takes_back_through_a_kill(const std::string& number, const std::string& point) {
        hill_->box().stop();
        hill_->box().start(point);
        type("ana", '-' + number);
        EXPECT_TRUE(eventually([] { return hill_->box().died(); })) << point;
        hill_->box().start();
    }
    static Poco::JSON::Object move_of(const std::string& old, const std::string& target) {
        Poco::JSON::Object move;
        move.set("@context", "https://www.w3.org/ns/activitystreams");
        move.set("type", "Move");
        move.set("id", old + "#moved");
        move.set("actor", old);
        move.set("object", old);
        move.set("target", target);
        return move;
    }
};

TEST_F(FediverseWordsOfOurs, ALetterIsGoneThere) {
    const std::string number = writes("@bob@dale.test I was angry");
    const std::string id = id_of_note("I was angry");
    EXPECT_TRUE(fedify_holds(id));
    EXPECT_EQ(reads("bob", id), 200);
    type("ana", '-' + number);
    EXPECT_TRUE(shows("ana", number + " taken back: 1 server is asked to delete it"));
    const auto told = fedify_->waits_for("Delete", id);
    EXPECT_EQ(told.actor, hill_->actor("ana"));
    EXPECT_NE(told.json.find("Tombstone"), std::string::npos) << told.json;
    EXPECT_EQ(told.json.find("#Public"), std::string::npos) << "nobody else hears of it";
    EXPECT_TRUE(fedify_loses(id));
    EXPECT_EQ(reads("bob", id), 410);
}

TEST_F(FediverseWordsOfOurs, ALetterIsGoneAtAServerOfAnotherMaker) {
    const std::string number = writes("@alice@oak.test Bring no bread");
    EXPECT_TRUE(eventually([] { return snac_has("Bring no bread"); }));
    type("ana", '-' + number);
    EXPECT_TRUE(shows("ana", number + " taken back: 1 server is asked to delete it"));
    EXPECT_TRUE(snac_loses("Bring no bread"));
}

// Carol has read it, and follows no more when it is taken back.
TEST_F(FediverseWordsOfOurs, APostIsGoneWhereverItWent) {
    publish_news();
    const auto follow = fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("news")}});
    fedify_->waits_for("Accept", text_of(follow, "id"));
    alice_follows_news();
    const std::string number = writes("#news The well is poisoned", " in #news");
    const std::string id = id_of_note("The well is poisoned");
    EXPECT_TRUE(eventually([] { return snac_has("The well is poisoned"); }));
    EXPECT_NE(outbox_of("news").find(id), std::string::npos);
    fedify_->deed("undo", {{"as", "carol"}, {"id", text_of(follow, "id")}});
    EXPECT_TRUE(eventually([] {
        const auto page = fedify_->deed(
            "get", {{"as", "instance"}, {"url", hill_->actor("news") + "/followers"}});
        return text_of(page, "body").find("\"totalItems\":1") != std::string::npos;
    }));
    type("ana", '-' + number);
    EXPECT_TRUE(shows("ana", number + " taken back: 2 servers are asked to delete it"));
    EXPECT_TRUE(fedify_loses(id));
    EXPECT_TRUE(snac_loses("The well is poisoned"));
    EXPECT_EQ(reads("bob", id), 410);
    EXPECT_EQ(outbox_of("news").find(id), std::string::npos);
}

TEST_F(FediverseWordsOfOurs, APostThatNobodyWasSentIsGoneHere) {
    type("ana", "#public Eggs to give");
    EXPECT_TRUE(shows("ana", "All the world can read it"));
    const std::string number = writes("1");
    const std::string id = last_post_of("ana");
    ASSERT_NE(id, "");
    type("ana", '-' + number);
    EXPECT_TRUE(shows("ana", number + " taken back. No other server had been sent it"));
    EXPECT_EQ(reads("bob", id), 410);
}

// Behind the line that said so, and behind the deletion that is in the queue.
TEST_F(FediverseWordsOfOurs, AKillLosesNoDeletion) {
    for (const std::string point : {"attempt-begun", "outcome-known"}) {
        const std::string text = "Said in anger, " + point;
        const std::string number = writes("@bob@dale.test " + text);
        const std::string id = id_of_note(text);
        takes_back_through_a_kill(number, point);
        EXPECT_TRUE(shows("ana", number + " taken back: 1 server is asked to delete it")) << point;
        EXPECT_TRUE(fedify_loses(id)) << point;
        EXPECT_EQ(reads("bob", id), 410) << point;
    }
}

TEST_F(FediverseWordsOfOurs, AnAccountThatMovesIsKnownThere) {
    type("ana", "@caz=acct:carol@dale.test");
    EXPECT_TRUE(shows("ana", "caz = carol@dale.test"));
    type("ana", "#+@carol@dale.test");
    EXPECT_TRUE(shows("ana", "You are in #carol@dale.test"));
    ASSERT_TRUE(eventually([] { return fedify_->followers("carol").size() == 1; }));
    const std::string carol = fedify_->actor("carol");
    fedify_->deed("profile", {{"as", "bob"}, {"aliases", Fedify::list({carol})}, {"tell", false}});
    fedify_->deed("move", {{"as", "carol"}, {"target", fedify_->handle("bob")}});
    EXPECT_TRUE(shows("ana", "caz has moved. New address: bob@dale.test"));
    EXPECT_TRUE(eventually([] { return fedify_->followers("bob").size() == 1; }));
    EXPECT_TRUE(eventually([] { return fedify_->followers("carol").empty(); }));
    fedify_->deed("note", {{"as", "bob"}, {"text", "From my new house"}});
    EXPECT_TRUE(shows("ana", "", "From my new house"));
    type("ana", "@caz Welcome");
    fedify_->waits_for("Create", "Welcome");

    EXPECT_EQ(fedify_->raw(hill_->actor("ana") + "/inbox", move_of(carol, fedify_->actor("bob")),
                           {{"as", "carol"}}),
              202);
    direct("bob", "All is unpacked", "ana");
    EXPECT_TRUE(shows("ana", "", ": All is unpacked"));
    EXPECT_EQ(lines_with("ana", "has moved"), 1);
}

// Alice's account says nothing of it, and it is not bob's to say so for carol.
TEST_F(FediverseWordsOfOurs, AMoveThatOneSideDeniesChangesNothing) {
    const std::string inbox = hill_->actor("ana") + "/inbox";
    const std::string carol = fedify_->actor("carol");
    EXPECT_EQ(fedify_->raw(inbox, move_of(carol, snac_->actor("alice")), {{"as", "carol"}}), 403);
    EXPECT_EQ(fedify_->raw(inbox, move_of(carol, snac_->actor("alice")), {{"as", "bob"}}), 401);
    EXPECT_NE(hill_->waypost("status").find("forged: 2"), std::string::npos);
    type("ana", "@");
    EXPECT_TRUE(shows("ana", "caz=bob@dale.test"));
}

}  // namespace
}  // namespace waypost::interop
