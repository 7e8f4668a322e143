// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/lazy_ticker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Each of its turns is let go by the test, which hears of it.
struct Turns {
    std::counting_semaphore<> came{0};
    std::atomic<bool> busy{true};
    bool another() { return came.try_acquire_for(seconds(20)); }
};

TEST(LazyTicker, GoesOnWhileThereIsSomethingAndThenWaitsForANudge) {
    Turns turns;
    LazyTicker ticker;
    ticker.start(milliseconds(1), hours(1), [&] {
        turns.came.release();
        return turns.busy.load();
    });
    EXPECT_TRUE(turns.another());
    EXPECT_TRUE(turns.another()) << "there is more to do";
    turns.busy = false;
    EXPECT_TRUE(turns.another());
    while (turns.came.try_acquire_for(milliseconds(50))) {
    }
    ticker.nudge();
    ticker.nudge();
    EXPECT_TRUE(turns.another()) << "not after an hour";
}

TEST(LazyTicker, EndsAtOnceAlsoWhileItWaits) {
    LazyTicker never_started;
    std::counting_semaphore<> came{0};
    LazyTicker ticker;
    ticker.start(milliseconds(1), hours(1), [&] {
        came.release();
        return false;
    });
    EXPECT_TRUE(came.try_acquire_for(seconds(20)));
    ticker.stop();
}

}  // namespace
}  // namespace waypost
