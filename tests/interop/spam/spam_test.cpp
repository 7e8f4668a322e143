// SPDX-License-Identifier: Apache-2.0
// A part of what `./dev bench spam` replays.
#include <gtest/gtest.h>

#include "tests/bench/spam_replay.h"

namespace waypost::bench {
namespace {

TEST(Spam, CostsARadioOnePacketADayAndHoldsUpNoReply) {
    SpamPlan plan;
    plan.spam = 300;
    plan.replies = 10;
    const SpamFigures figures = replay_spam(plan);
    EXPECT_GE(figures.set, 1000u) << "the corpus";
    EXPECT_GE(figures.held, 250u) << "the spam is here, and waits";
    EXPECT_EQ(figures.most_packets, 1) << figures.a_packet;
    EXPECT_EQ(figures.replies_lost, 0u);
    EXPECT_LT(figures.worst_delay_s, 10);
    EXPECT_LE(figures.notices, 20u);
}

}  // namespace
}  // namespace waypost::bench
