// SPDX-License-Identifier: Apache-2.0
// The formula's worked examples: two programs that know nothing of each other agree on them.
#include <gtest/gtest.h>

#include "radio/airtime/bands.h"

namespace waypost {
namespace {

struct Example {
    int spreading_factor, khz, coding_rate, preamble;
    std::size_t bytes;
    std::int64_t us;
};

constexpr Example kExamples[] = {
    {7, 125, 5, 8, 12, 41'216},     {7, 125, 5, 8, 51, 102'656},
    {7, 125, 5, 8, 222, 348'416},   {7, 250, 5, 8, 255, 199'808},
    {7, 500, 5, 8, 100, 43'584},    {8, 125, 6, 8, 64, 250'368},
    {9, 125, 5, 8, 32, 246'784},    {9, 125, 5, 12, 240, 1'205'248},
    {10, 125, 8, 8, 20, 493'568},   {11, 125, 5, 8, 51, 1'314'816},
    {11, 250, 5, 16, 50, 641'024},  {11, 250, 5, 16, 253, 2'115'584},
    {12, 125, 5, 8, 0, 663'552},    {12, 125, 5, 8, 13, 1'155'072},
    {12, 125, 5, 8, 51, 2'465'792}, {12, 125, 8, 8, 100, 5'906'432},
    {12, 250, 5, 8, 51, 1'232'896}, {12, 500, 5, 8, 51, 534'528},
};

LoraParams params(int spreading_factor, int khz) {
    LoraParams p;
    p.spreading_factor = spreading_factor;
    p.bandwidth_hz = khz * 1000;
    p.preamble_symbols = 8;
    return p;
}

TEST(TimeOnAir, EqualsTheWorkedExamplesToTheMicrosecond) {
    for (const Example& e : kExamples) {
        LoraParams p = params(e.spreading_factor, e.khz);
        p.coding_rate = e.coding_rate;
        p.preamble_symbols = e.preamble;
        EXPECT_EQ(time_on_air(p, e.bytes).count(), e.us)
            << "SF" << e.spreading_factor << " bw" << e.khz << ' ' << e.bytes;
    }
    LoraParams bare = params(7, 125);
    bare.crc = bare.explicit_header = false;
    EXPECT_EQ(time_on_air(bare, 20).count(), 46'336);
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
