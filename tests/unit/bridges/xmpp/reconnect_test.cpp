// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/reconnect.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace waypost::xmpp {
namespace {

using std::chrono::seconds;

class ReconnectTest : public testing::Test {
  protected:
    void expect_wait(DownKind kind, milliseconds step) {
        const milliseconds wait = reconnect_.down(kind, now_);
        EXPECT_GE(wait, step / 2);
        EXPECT_LE(wait, step);
    }
    BoxTime now_{};
    std::unique_ptr<Random> random_ = seeded_random(7);
    Reconnect reconnect_{{}, *random_};
};

TEST_F(ReconnectTest, WaitsTwiceAsLongEachTimeUpToAMinute) {
    for (const int step : {1, 2, 4, 8, 16, 32, 60, 60})
        expect_wait(DownKind::Network, seconds(step));
    for (int i = 0; i < 100; ++i) expect_wait(DownKind::Closed, seconds(60));
}

TEST_F(ReconnectTest, WaitsLongWhereOnlyTheOperatorCanHelp) {
    expect_wait(DownKind::Network, seconds(1));
    for (const int step : {60, 120, 240, 480, 600, 600})
        expect_wait(DownKind::Secret, seconds(step));
    expect_wait(DownKind::Network, seconds(1));
    expect_wait(DownKind::Conflict, seconds(60));
}

TEST_F(ReconnectTest, BeginsAnewAfterAStreamThatHeld) {
    expect_wait(DownKind::Network, seconds(1));
    reconnect_.up(now_);
    now_ += seconds(59);
    expect_wait(DownKind::Network, seconds(2));  // up and down again and again is no success
    reconnect_.up(now_);
    now_ += seconds(60);
    expect_wait(DownKind::Network, seconds(1));
}

// A line that dies again and again carries what it can each time.
TEST_F(ReconnectTest, BeginsAnewAfterAStreamThatCarriedSomething) {
    for (int i = 0; i < 10; ++i) {
        reconnect_.up(now_);
        reconnect_.got_on();
        expect_wait(DownKind::Network, seconds(1));
    }
    reconnect_.up(now_);
    expect_wait(DownKind::Network, seconds(2));
}

TEST_F(ReconnectTest, BoxesDoNotComeAtOnce) {
    std::set<milliseconds> waits;
    for (int i = 0; i < 20; ++i) {
        Reconnect other({}, *random_);
        waits.insert(other.down(DownKind::Network, now_));
    }
    EXPECT_GT(waits.size(), 15u);
}

}  // namespace
}  // namespace waypost::xmpp
