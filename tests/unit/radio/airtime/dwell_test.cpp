// SPDX-License-Identifier: Apache-2.0
// What the formula leaves of a frame where the law limits its time on air.
#include <gtest/gtest.h>

#include "radio/airtime/bands.h"

namespace waypost {
namespace {

LoraParams params(int spreading_factor, int khz) {
    LoraParams p;
    p.spreading_factor = spreading_factor;
    p.bandwidth_hz = khz * 1000;
    p.preamble_symbols = 8;
    return p;
}

TEST(TimeOnAir, TheLargestFrameOfADwellLimit) {
    const milliseconds dwell(400);
    EXPECT_EQ(largest_frame(params(7, 125), dwell), 255u);
    EXPECT_EQ(largest_frame(params(8, 125), dwell), 138u);
    EXPECT_EQ(largest_frame(params(9, 125), dwell), 66u);
    EXPECT_EQ(largest_frame(params(10, 125), dwell), 24u);
    EXPECT_EQ(largest_frame(params(11, 125), dwell), 0u) << "nothing may be sent at all";
    EXPECT_EQ(largest_frame(params(12, 125), dwell), 0u);
    EXPECT_EQ(largest_frame(params(9, 250), dwell), 156u);
    EXPECT_EQ(largest_frame(params(11, 250), dwell), 27u);
    EXPECT_EQ(largest_frame(params(12, 125), milliseconds(0)), 255u) << "no limit";
    EXPECT_EQ(largest_frame(params(7, 125), dwell, 240), 240u) << "as much as the modem carries";
    for (std::size_t bytes = 139; bytes <= 255; ++bytes)
        EXPECT_GT(time_on_air(params(8, 125), bytes), dwell);
}

}  // namespace
}  // namespace waypost
