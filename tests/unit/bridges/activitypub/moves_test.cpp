// SPDX-License-Identifier: Apache-2.0
// An account that has moved: when it counts, and when nothing comes of it. Bob moves to "rob" on
// the same server.
#include "bridges/activitypub/moves.h"

#include <gtest/gtest.h>

#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

class MovesTest : public ::testing::Test, protected InboxVillage {
  protected:
    MovesTest() {
        server.webfinger("rob", rob());
        rob_says(R"("alsoKnownAs":[")" + server.bob() + R"("],)");
    }
    std::string rob() const { return server.url("/users/rob"); }
    std::string with(const std::string& user, const std::string& more) const {
        const std::string json = server.actor_json(user, escaped(bobs_key.public_pem()));
        return '{' + more + json.substr(1);
    }
    void rob_says(const std::string& more) { server.document("/users/rob", with("rob", more)); }
    void bob_says(const std::string& more) { server.document("/users/bob", with("bob", more)); }
    std::string move(const std::string& target) const {
        return R"("type":"Move","id":")" + server.url("/m/1") + R"(","object":")" + server.bob() +
               R"(","target":")" + target + '"';
    }
    int moves() { return bob_posts(move(rob())); }
    Address at(const std::string& user) const { return {"acct", user + '@' + server.peer.host()}; }
    void nothing_came_of_it() {
        EXPECT_TRUE(people.moves.empty());
        EXPECT_FALSE(gate.is_blocked("ana", rob()));
    }
};

TEST_F(MovesTest, BothSidesSaySo) {
    EXPECT_EQ(moves(), 202);
    ASSERT_EQ(people.moves.size(), 1u);
    EXPECT_EQ(people.moves[0], std::pair(at("bob"), at("rob")));
    EXPECT_EQ(inbox.counters().forged, 0u);
}

TEST_F(MovesTest, TheNewOneDoesNotKnowTheOld) {
    rob_says(R"("alsoKnownAs":["https://x.test/users/eve"],)");
    EXPECT_EQ(moves(), 403);
    rob_says("");
    EXPECT_EQ(moves(), 403);
    EXPECT_EQ(moves(), 503) << "his server is not asked as often as somebody likes";
    nothing_came_of_it();
    EXPECT_EQ(inbox.counters().forged, 2u);
}

// What was kept of him is from before he said so.
TEST_F(MovesTest, TheNewOneIsFetchedAgain) {
    rob_says("");
    ASSERT_TRUE(remote.actor(rob()).ok());
    rob_says(R"("alsoKnownAs":")" + server.bob() + R"(",)");
    EXPECT_EQ(moves(), 202);
    EXPECT_EQ(people.moves.size(), 1u);
    EXPECT_EQ(moves(), 202) << "by what was fetched a moment ago";
}

TEST_F(MovesTest, NobodyMovesAnother) {
    const std::string eve = server.url("/users/eve");
    EXPECT_EQ(bob_posts(R"("type":"Move","id":")" + server.url("/m/1") + R"(","object":")" + eve +
                        R"(","target":")" + rob() + '"'),
              403);
    nothing_came_of_it();
}

TEST_F(MovesTest, WhatHisKeyDidNotSignCountsIfHisServerSaysSo) {
    server.document("/users/eve", server.actor_json("eve", escaped(bobs_key.public_pem())));
    server.webfinger("eve", server.url("/users/eve"));
    const auto passed_on = [&] {
        const std::string body =
            R"({"@context":"https://www.w3.org/ns/activitystreams","actor":")" + server.bob() +
            "\"," + move(rob()) + '}';
        return inbox.post(of(body, server.key_of("eve"))).status;
    };
    EXPECT_EQ(passed_on(), 401);
    nothing_came_of_it();
    EXPECT_EQ(inbox.counters().forged, 1u);
    bob_says(R"("movedTo":")" + rob() + R"(",)");
    office.time().advance(std::chrono::minutes(5));
    EXPECT_EQ(passed_on(), 202);
    EXPECT_EQ(people.moves.size(), 1u);
}

TEST_F(MovesTest, WhoCannotBeFetchedIsAskedForLater) {
    server.put("/users/rob", {503, "text/plain", "busy", {}});
    EXPECT_EQ(moves(), 503);
    nothing_came_of_it();
    EXPECT_EQ(inbox.counters().forged, 0u);
}

TEST_F(MovesTest, WhoWantsNoBridgeIsNotFollowedThere) {
    rob_says(R"("alsoKnownAs":[")" + server.bob() +
             R"("],"tag":[{"type":"Hashtag","name":"#nobridge"}],)");
    EXPECT_EQ(moves(), 202);
    EXPECT_EQ(bob_posts(move("https://hill.example/ap/ana")), 202) << "one of ours";
    EXPECT_EQ(bob_posts(move(server.bob())), 202) << "himself";
    nothing_came_of_it();
}

TEST_F(MovesTest, YesIsSaidWhenItIsOnDisk) {
    office.disk().full = true;
    EXPECT_EQ(moves(), 503);
    office.disk().full = false;
    people.refusal = Error{Code::Internal, "the store failed", true};
    EXPECT_EQ(moves(), 503);
    people.refusal.reset();
    EXPECT_EQ(moves(), 202);
}

TEST_F(MovesTest, WhomTheOldOneBlockedTheNewOneBlocks) {
    gate.set_blocked("ana", server.bob(), true);
    gate.set_blocked("hill.example", server.bob(), true);
    EXPECT_EQ(moves(), 202);
    EXPECT_TRUE(gate.is_blocked("ana", rob()));
    EXPECT_TRUE(gate.is_blocked("hill.example", rob())) << "the box is one too";
}

}  // namespace
}  // namespace waypost::activitypub
