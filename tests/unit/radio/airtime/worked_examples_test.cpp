// SPDX-License-Identifier: Apache-2.0
// Time on air of the SX127x data sheet's formula, as two independent programs worked it out.
#include <gtest/gtest.h>

#include "radio/airtime/airtime.h"

namespace waypost {
namespace {

struct Row {
    int spreading_factor, khz, coding_rate, preamble;
    std::size_t bytes;
    int microseconds;
    bool bare = false;  // implicit header, no CRC
};

constexpr Row kRows[] = {
    {7, 125, 5, 8, 12, 41'216},       {7, 125, 5, 8, 51, 102'656},
    {7, 125, 5, 8, 222, 348'416},     {7, 250, 5, 8, 255, 199'808},
    {7, 500, 5, 8, 100, 43'584},      {8, 125, 6, 8, 64, 250'368},
    {9, 125, 5, 8, 32, 246'784},      {9, 125, 5, 12, 240, 1'205'248},
    {10, 125, 8, 8, 20, 493'568},     {11, 125, 5, 8, 51, 1'314'816},
    {11, 250, 5, 16, 50, 641'024},    {11, 250, 5, 16, 253, 2'115'584},
    {12, 125, 5, 8, 0, 663'552},      {12, 125, 5, 8, 13, 1'155'072},
    {12, 125, 5, 8, 51, 2'465'792},   {12, 125, 8, 8, 100, 5'906'432},
    {12, 250, 5, 8, 51, 1'232'896},   {12, 500, 5, 8, 51, 534'528},
    {7, 125, 5, 8, 20, 46'336, true},
};

TEST(Airtime, EqualsEveryWorkedExampleToTheMicrosecond) {
    ASSERT_EQ(std::size(kRows), 19u);
    for (const Row& row : kRows) {
        const LoraParams lora{row.spreading_factor, row.khz * 1000, row.coding_rate,
                              row.preamble,         !row.bare,      !row.bare};
        EXPECT_EQ(time_on_air(lora, row.bytes).count(), row.microseconds)
            << "SF" << row.spreading_factor << ", " << row.khz << " kHz, " << row.bytes << " bytes";
    }
}

TEST(Airtime, GrowsInStepsOfWholeSymbols) {
    const LoraParams slow{12, 125'000, 5, 8, true, true};
    const auto step = time_on_air(slow, 16) - time_on_air(slow, 15);
    EXPECT_EQ(step.count(), 163'840) << "five symbols for five bytes";
    for (std::size_t bytes = 11; bytes <= 15; ++bytes)
        EXPECT_EQ(time_on_air(slow, bytes), time_on_air(slow, 15)) << bytes;
}

}  // namespace
}  // namespace waypost
