// SPDX-License-Identifier: Apache-2.0
// When other servers are told yes. Their keys and names are fetched from a server on loopback.
#include "bridges/activitypub/inbox.h"

#include <gtest/gtest.h>

#include "tests/unit/bridges/activitypub/inbox_village.h"

namespace waypost::activitypub {
namespace {

class InboxTest : public ::testing::Test, public InboxVillage {};

TEST_F(InboxTest, SaysYesToALetterOnceItIsInCustodyAndCountsItOnce) {
    const std::string id = server.url("/notes/1");
    EXPECT_EQ(create(id), 202);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].origin_id, id);
    EXPECT_TRUE(office.accepted[0].verified_sender);
    EXPECT_EQ(inbox.counters().taken, 1u);
}

TEST_F(InboxTest, SaysYesToNothingThatIsNotOnDisk) {
    people.add_group("news");
    people.group_members["news"] = {{public_address("hill.example"), {}, false}};
    office.disk().full = true;
    EXPECT_EQ(follow(), 503);
    EXPECT_EQ(create(server.url("/notes/1")), 503) << "nothing says yet which message it became";
    office.disk().full = false;
    EXPECT_EQ(follow(), 202);
    EXPECT_EQ(followers.count("news"), 1u);
}

TEST_F(InboxTest, WhatIsOfNoConcernWaitsForNoDisk) {
    office.disk().full = true;
    EXPECT_EQ(bob_posts(R"("type":"Listen","id":"https://x.org/1","object":"https://x.org/2")"),
              202);
    EXPECT_EQ(inbox.counters().passed, 1u);
}

TEST_F(InboxTest, ADeletionReachesTheNoteAndItsEditsAndNoOther) {
    const std::string one = server.url("/notes/1"), ten = server.url("/notes/10");
    EXPECT_EQ(create(one), 202);
    EXPECT_EQ(update(one), 202);
    EXPECT_EQ(create(ten), 202);
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(erase(one), 202);
    EXPECT_EQ(office.retracted.size(), 2u);
    EXPECT_EQ(erase(one), 202);
    EXPECT_EQ(office.retracted.size(), 2u) << "once";
    EXPECT_EQ(erase(ten), 202);
    EXPECT_EQ(office.retracted.size(), 3u);
}

TEST_F(InboxTest, WhatCameLongAgoIsForgotten) {
    const std::string id = server.url("/notes/1");
    EXPECT_EQ(create(id), 202);
    inbox.forget_old();
    EXPECT_EQ(state.with_prefix("taken/").size(), 1u);
    office.time().advance(std::chrono::hours(24 * 61));
    inbox.forget_old();
    EXPECT_TRUE(state.with_prefix("taken/").empty());
}

TEST_F(InboxTest, WhatHisKeyDidNotSignIsForged) {
    bobs_key = *SigningKey::make();  // not the one that his server shows
    EXPECT_EQ(create(server.url("/notes/1")), 401);
    EXPECT_EQ(inbox.counters().forged, 1u);
    EXPECT_TRUE(office.accepted.empty());
}

TEST_F(InboxTest, WhoIsBlockedLaterFollowsNoMore) {
    people.consents[{"ana", {"acct", "bob@" + server.peer.host()}}] = Consent::Given;
    EXPECT_EQ(bob_posts(R"("type":"Follow","id":")" + server.url("/f/2") +
                        R"(","object":"https://hill.example/ap/ana")"),
              202);
    follows.look();
    EXPECT_EQ(followers.count("ana"), 1u);
    people.consents[{"ana", {"acct", "bob@" + server.peer.host()}}] = Consent::Refused;
    office.time().advance(std::chrono::minutes(11));
    follows.look();
    EXPECT_EQ(followers.count("ana"), 0u);
}

TEST_F(InboxTest, WhoDeletesHisAccountFollowsTheBoxNoMore) {
    EXPECT_EQ(bob_posts(R"("type":"Follow","id":")" + server.url("/f/3") +
                        R"(","object":"https://hill.example/ap/hill.example")"),
              202);
    EXPECT_EQ(followers.count("hill.example"), 1u);
    EXPECT_EQ(erase(server.bob()), 202);
    EXPECT_EQ(followers.count("hill.example"), 0u);
}

TEST_F(InboxTest, WhoBlocksNobodyLeavesNothingBehind) {
    const auto blocks = [&](const std::string& name) {
        return bob_posts(R"("type":"Block","id":")" + server.url("/b/") + name +
                         R"(","object":"https://hill.example/ap/)" + name + '"');
    };
    EXPECT_EQ(blocks("nobody"), 202);
    EXPECT_TRUE(state.with_prefix("blocked/").empty());
    EXPECT_EQ(blocks("ana"), 202);
    EXPECT_TRUE(gate.is_blocked("ana", server.bob()));
}

}  // namespace
}  // namespace waypost::activitypub
