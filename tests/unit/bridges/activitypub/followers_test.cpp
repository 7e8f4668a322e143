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
