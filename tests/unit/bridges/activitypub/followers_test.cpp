// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/followers.h"

#include <gmock/gmock.h>

#include "tests/fakes/memory_state.h"

namespace waypost::activitypub {
namespace {

using ::testing::ElementsAre;

Follower follower(const std::string& name, bool waits = false) {
    Follower one;
    one.actor = "https://social.example/" + name;
    one.inbox = "https://social.example/inbox";
    one.waits = waits;
    return one;
}

class FollowersTest : public ::testing::Test {
  protected:
    MemoryState state_;
    Followers followers_{state_};
};

TEST_F(FollowersTest, WhoWaitsDoesNotCountUntilHeIsLetIn) {
    EXPECT_TRUE(followers_.put("ana", follower("bob", true)));
    EXPECT_EQ(followers_.count("ana"), 0U);
    EXPECT_EQ(followers_.waiting().size(), 1U);
    EXPECT_TRUE(followers_.put("ana", follower("bob")));
    EXPECT_EQ(followers_.count("ana"), 1U);
    EXPECT_TRUE(followers_.waiting().empty());
}

TEST_F(FollowersTest, WhoFollowsTwiceCountsOnce) {
    followers_.put("ana", follower("bob"));
    followers_.put("ana", follower("bob"));
    followers_.put("ana", follower("carol"));
    EXPECT_EQ(followers_.count("ana"), 2U);
    EXPECT_THAT(followers_.inboxes("ana"), ElementsAre("https://social.example/inbox"));
}

TEST_F(FollowersTest, WhoGoesCountsNoMore) {
    followers_.put("ana", follower("bob"));
    followers_.put("ana", follower("carol", true));
    EXPECT_TRUE(followers_.remove("ana", "https://social.example/carol"));
    EXPECT_EQ(followers_.count("ana"), 1U);
    EXPECT_TRUE(followers_.remove("ana", "https://social.example/bob"));
    EXPECT_FALSE(followers_.remove("ana", "https://social.example/bob"));
    EXPECT_EQ(followers_.count("ana"), 0U);
}

TEST_F(FollowersTest, WhereWhoWentHadPostsIsRemembered) {
    followers_.put("ana", follower("bob"));
    followers_.put("ana", follower("carol", true));
    followers_.put("anabel", follower("dan"));
    for (const char* name : {"bob", "carol"})
        followers_.remove("ana", std::string("https://social.example/") + name);
    EXPECT_THAT(followers_.left("ana"), ElementsAre("https://social.example/inbox"));
    EXPECT_TRUE(followers_.left("anabel").empty());
    followers_.put("ana", follower("eve", true));
    followers_.remove("ana", "https://social.example/eve");
    EXPECT_EQ(followers_.left("ana").size(), 1U) << "who only asked was sent nothing";
    followers_.forget_left("ana", "https://social.example/inbox");
    EXPECT_TRUE(followers_.left("ana").empty());
}

TEST_F(FollowersTest, SomebodyWhoComesAndGoesFillsNothing) {
    for (std::size_t i = 0; i < Followers::kMostLeft + 5; ++i) {
        Follower one = follower(std::to_string(i));
        one.inbox = "https://evil.example/" + std::to_string(i);
        followers_.put("ana", one);
        followers_.remove("ana", one.actor);
    }
    EXPECT_EQ(followers_.left("ana").size(), Followers::kMostLeft);
}

TEST_F(FollowersTest, ThoseOfAnotherAreNotCounted) {
    followers_.put("ana", follower("bob"));
    followers_.put("anabel", follower("bob"));
    followers_.put("anabel", follower("carol"));
    EXPECT_EQ(followers_.count("ana"), 1U);
    EXPECT_EQ(followers_.count("anabel"), 2U);
}

TEST_F(FollowersTest, ARestartKnowsHowManyThereAre) {
    followers_.put("ana", follower("bob"));
    followers_.put("ana", follower("carol"));
    Followers again(state_);
    again.put("ana", follower("dan"));
    EXPECT_EQ(again.count("ana"), 3U);
}

}  // namespace
}  // namespace waypost::activitypub
