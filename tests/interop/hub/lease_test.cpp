// SPDX-License-Identifier: Apache-2.0
#include "gateway/hub/lease_keeper.h"
#include "gateway/store/group_fence.h"
#include "hub_world.h"

namespace waypost::hub {
namespace {

using std::chrono::seconds;

class LeaseTest : public HubWorld {
  protected:
    LeaseTest()
        : dale_(*database_, row(1, "dale"), {"work"}),
          hill_(*database_, row(2, "hill"), {"work"}) {}
    static store::WorkerRow row(store::WorkerId id, const std::string& name) {
        return {id, name, "1.0"};
    }
    Steady at(int second) const { return began_ + seconds(second); }
    // Both look round each second, as they do when both live.
    void both(int from, int to) {
        for (int second = from; second < to; ++second) {
            ASSERT_TRUE(dale_.step(at(second)).ok());
            ASSERT_TRUE(hill_.step(at(second)).ok());
        }
    }

    const Steady began_{seconds(1000)};
    LeaseKeeper dale_, hill_;
};

TEST_F(LeaseTest, TheFirstHasTheWorkAsLongAsItLives) {
    both(0, 60);
    EXPECT_TRUE(dale_.holds("work"));
    EXPECT_FALSE(hill_.holds("work"));
}

TEST_F(LeaseTest, WhoShowsNoLifeForSixSecondsLosesIt) {
    both(0, 3);
    for (int second = 3; second <= 7; ++second) {
        ASSERT_TRUE(hill_.step(at(second)).ok());
        EXPECT_FALSE(hill_.holds("work")) << second;
    }
    ASSERT_TRUE(hill_.step(at(8)).ok());
    EXPECT_TRUE(hill_.holds("work"));
    EXPECT_EQ(ask("SELECT epoch FROM leases"), "2");
    EXPECT_THROW((void)dale_.step(at(9)), store::Fenced) << "it was frozen, and goes on";
}

// A long transaction holds its row, so that it cannot say that it lives.
TEST_F(LeaseTest, WhoWritesLives) {
    both(0, 3);
    for (int second = 3; second <= 30; ++second) {
        ask("UPDATE workers SET written = written + 1 WHERE id = 1");
        ASSERT_TRUE(hill_.step(at(second)).ok());
        EXPECT_FALSE(hill_.holds("work")) << second;
    }
}

TEST_F(LeaseTest, WhoLeavesHandsItOnAtOnce) {
    both(0, 3);
    dale_.leave();
    ASSERT_TRUE(hill_.step(at(3)).ok());
    EXPECT_TRUE(hill_.holds("work"));
}

TEST_F(LeaseTest, WhoWasHeldUpItselfTakesNobodyForDead) {
    both(0, 3);
    // The machine stood still, or the database did not answer: nothing was seen of anybody.
    ASSERT_TRUE(hill_.step(at(40)).ok());
    EXPECT_FALSE(hill_.holds("work"));
    ASSERT_TRUE(hill_.step(at(41)).ok());
    EXPECT_FALSE(hill_.holds("work"));
}

TEST_F(LeaseTest, OfThreeOneTakesOver) {
    LeaseKeeper moor(*database_, row(3, "moor"), {"work"});
    both(0, 3);
    for (int second = 3; second <= 20; ++second) {
        ASSERT_TRUE(hill_.step(at(second)).ok());
        ASSERT_TRUE(moor.step(at(second)).ok());
    }
    EXPECT_NE(hill_.holds("work"), moor.holds("work"));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM workers"), "2");
}

TEST_F(LeaseTest, ADatabaseThatIsGoneTakesNothingFromAnybody) {
    both(0, 3);
    ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND application_name = 'waypostd'");
    EXPECT_FALSE(dale_.step(at(3)).ok());
    EXPECT_TRUE(dale_.holds("work"));
    ASSERT_TRUE(dale_.step(at(4)).ok()) << "connected again";
    EXPECT_TRUE(dale_.holds("work"));
}

TEST_F(LeaseTest, TheClockIsTheDatabases) {
    const auto found = dale_.step(at(0));
    ASSERT_TRUE(found.ok());
    const auto shown = std::stoll(ask("SELECT CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)"));
    EXPECT_NEAR(static_cast<double>(found->database_ms) / 1000, static_cast<double>(shown), 10);
}

}  // namespace
}  // namespace waypost::hub
