// SPDX-License-Identifier: Apache-2.0
// When a session ends, and how fast it may go.
#include <gtest/gtest.h>

#include "bridges/nncp/online/session.h"
#include "pair.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

TEST(SessionEnd, TheDeadlineCountsFromTheLastWork) {
    Pair pair;
    pair.caller.terms.online_deadline = pair.callee.terms.online_deadline = 30s;
    pair.begin();
    pair.run();
    pair.wait(28s, 1s);
    EXPECT_FALSE(pair.caller.session->over());
    const std::string late = some_bytes(1000, 1);
    pair.caller.shelf.put(late);
    pair.wait(1s, 1s);  // offered within a second
    EXPECT_TRUE(pair.callee.shelf.in.contains(name_of(late)));
    pair.wait(29s, 1s);
    EXPECT_FALSE(pair.caller.session->over());
    pair.wait(3s, 1s);
    EXPECT_TRUE(pair.caller.session->ended_well() && pair.callee.session->ended_well());
}

TEST(SessionEnd, PingsKeepALongSessionAliveButNoWorkDoesNot) {
    Pair pair;
    pair.caller.terms.online_deadline = pair.callee.terms.online_deadline = 1h;
    pair.begin();
    pair.run();
    pair.wait(59min, 5s);
    EXPECT_FALSE(pair.caller.session->over() || pair.callee.session->over());
    pair.wait(2min, 5s);
    EXPECT_TRUE(pair.caller.session->over() && pair.callee.session->over());
}

TEST(SessionEnd, SilenceEndsIt) {
    Pair pair;
    pair.caller.terms.online_deadline = 1h;
    pair.begin();
    pair.run();
    pair.now += 119s;
    pair.caller.session->tick(pair.now);
    EXPECT_FALSE(pair.caller.session->over());
    pair.now += 2s;
    pair.caller.session->tick(pair.now);
    EXPECT_TRUE(pair.caller.session->over());
}

TEST(SessionEnd, NobodyAnswers) {
    Pair pair;
    pair.begin();
    pair.caller.session->output(pair.now);
    EXPECT_LE(pair.caller.session->next(pair.now), pair.now + 10s);
    pair.now += 11s;
    for (End* end : {&pair.caller, &pair.callee}) {
        end->session->tick(pair.now);
        EXPECT_TRUE(end->session->over());
        EXPECT_FALSE(end->session->ended_well());
    }
}

TEST(SessionEnd, AUnitThatStopsInTheMiddle) {
    Pair pair;
    pair.callee.terms.online_deadline = 1h;
    pair.caller.shelf.put(some_bytes(50000, 1));
    pair.begin();
    pair.run(1 << 20, 150000);
    pair.now += 11s;
    pair.callee.session->tick(pair.now);
    EXPECT_TRUE(pair.callee.session->over());
    EXPECT_FALSE(pair.callee.session->ended_well());
}

TEST(SessionEnd, MaxOnlineEndsInTheMiddle) {
    Pair pair;
    pair.caller.terms.max_online = 5s;
    pair.caller.terms.transmit_rates.bytes = 10000;
    pair.caller.shelf.put(some_bytes(500000, 1));
    pair.begin();
    pair.wait(6s, 100ms);
    EXPECT_TRUE(pair.caller.session->ended_well());
    EXPECT_EQ(pair.caller.shelf.out.size(), 1u);
}

TEST(SessionEnd, OnceIsOverAsSoonAsNothingIsLeft) {
    Pair pair;
    pair.caller.terms.once = true;
    pair.caller.shelf.put(some_bytes(500000, 1));
    pair.callee.shelf.put(some_bytes(500000, 2));
    pair.begin();
    pair.run();
    EXPECT_FALSE(pair.caller.session->over());
    pair.wait(600ms, 50ms);
    EXPECT_TRUE(pair.caller.session->ended_well());
    pair.callee.session->hung_up({Code::Network, "closed", true});
    EXPECT_TRUE(pair.callee.session->ended_well());
}

TEST(SessionEnd, OnceWaitsForWhatIsStillOnItsWay) {
    Pair pair;
    pair.caller.terms.once = true;
    pair.callee.shelf.slow = true;
    pair.caller.shelf.put(some_bytes(5000, 1));
    pair.begin();
    pair.wait(5s, 50ms);
    EXPECT_FALSE(pair.caller.session->over());
    pair.callee.shelf.slow = false;
    pair.wait(1s, 50ms);
    EXPECT_TRUE(pair.caller.session->ended_well());
    EXPECT_TRUE(pair.caller.shelf.out.empty());
}

// Bytes on the line, when one of the two keeps to these rates.
double moved_in_10_s(bool at_sender, const Rates& rates) {
    Pair pair;
    pair.caller.shelf.put(some_bytes(30000000, 1));
    (at_sender ? pair.caller.terms.transmit_rates : pair.callee.terms.receive_rates) = rates;
    pair.begin();
    pair.run();
    const std::uint64_t before = pair.moved;
    pair.wait(10s, 10ms);
    return static_cast<double>(pair.moved - before);
}

TEST(SessionEnd, BytesPerSecond) {
    for (const bool at_sender : {true, false})
        EXPECT_NEAR(moved_in_10_s(at_sender, {0, 1000000}), 1e7, 1.5e6) << at_sender;
}

TEST(SessionEnd, UnitsPerSecond) {
    for (const bool at_sender : {true, false})
        EXPECT_NEAR(moved_in_10_s(at_sender, {10, 0}), 100 * 65300.0, 10 * 65300.0) << at_sender;
}

TEST(SessionEnd, ASlowRateIsNoReasonToEnd) {
    Pair pair;
    pair.caller.shelf.put(some_bytes(200000, 1));
    pair.caller.terms.transmit_rates.bytes = 3000;  // a unit each 20 s
    pair.callee.terms.online_deadline = 60s;
    pair.begin();
    pair.wait(120s, 500ms);
    EXPECT_EQ(pair.callee.shelf.in.size(), 1u);
}

}  // namespace
}  // namespace waypost::nncp
