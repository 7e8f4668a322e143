// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/frame_sizes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"

namespace waypost::trunk {
namespace {

std::chrono::microseconds airtime(std::size_t bytes) {
    return time_on_air({.preamble_symbols = 8}, bytes);
}

// Sends objects of ten frames, with this loss for a frame of 200 bytes.
std::size_t settle(FrameSizes& sizes, double loss, bool grows, std::size_t payload = 255) {
    const auto random = seeded_random(4);
    std::size_t bytes = 0;
    for (int object = 0; object < 60; ++object) {
        bytes = sizes.next(payload, airtime);
        const double long_as =
            static_cast<double>(airtime(bytes).count()) / static_cast<double>(airtime(200).count());
        const double share = grows ? 1 - std::pow(1 - loss, long_as) : loss;
        int missing = 0;
        for (int i = 0; i < 10; ++i)
            if (static_cast<double>(random->below(1000)) < share * 1000) ++missing;
        sizes.count(bytes, 10, missing);
    }
    return bytes;
}

TEST(FrameSizes, StayLongWhileLittleIsLost) {
    FrameSizes sizes;
    EXPECT_EQ(settle(sizes, 0.1, true), 255U);
    EXPECT_EQ(settle(sizes, 0.1, true, 200), 200U);
}

TEST(FrameSizes, GetShortWhereLongFramesAreHitAndLongAgain) {
    FrameSizes sizes;
    EXPECT_LT(settle(sizes, 0.5, true), 255U);
    EXPECT_EQ(settle(sizes, 0.02, true), 255U);
}

TEST(FrameSizes, StayLongWhereShortOnesAreHitAsOften) {
    FrameSizes sizes;
    EXPECT_EQ(settle(sizes, 0.2, false), 255U);
}

}  // namespace
}  // namespace waypost::trunk
