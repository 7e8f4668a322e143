// SPDX-License-Identifier: Apache-2.0
#include "app/cli/progress_bar.h"

#include <gtest/gtest.h>

namespace waypost::cli {
namespace {

using namespace std::chrono_literals;

TEST(ProgressBarTest, AmountsAreShort) {
    EXPECT_EQ(amount(0), "0 bytes");
    EXPECT_EQ(amount(1023), "1023 bytes");
    EXPECT_EQ(amount(1536), "1.5 KiB");
    EXPECT_EQ(amount(std::uint64_t{3} << 40), "3.0 TiB");
    EXPECT_EQ(amount(std::uint64_t{3} << 50), "3072.0 TiB");
}

TEST(ProgressBarTest, SaysHowFarItIs) {
    EXPECT_EQ(progress_line({512, 1024, 3, 9}, 0ms),
              "[###############               ] 50 %  512 bytes of 1.0 KiB, 3 of 9 packets");
    EXPECT_EQ(progress_line({2048, 0, 2, 0}, 2s), "2.0 KiB, 2 packets, 1.0 KiB/s");
    EXPECT_EQ(progress_line({}, 0ms), "0 bytes");
    EXPECT_EQ(progress_line({5000, 1000, 0, 0}, 0ms),
              "[##############################] 100 %  4.9 KiB of 1000 bytes");
}

}  // namespace
}  // namespace waypost::cli
