// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/erasure.h"

#include <gtest/gtest.h>

#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

TEST(Gf256, IsAField) {
    for (int a = 1; a < 256; ++a) {
        const auto x = static_cast<std::uint8_t>(a);
        EXPECT_EQ(gf256::multiply(x, gf256::inverse(x)), 1) << a;
        EXPECT_EQ(gf256::multiply(x, 1), x);
        EXPECT_EQ(gf256::multiply(x, 0), 0);
        for (int b = 1; b < 256; b += 37) {
            const auto y = static_cast<std::uint8_t>(b);
            EXPECT_EQ(gf256::multiply(x, y), gf256::multiply(y, x));
            EXPECT_EQ(gf256::multiply(x, static_cast<std::uint8_t>(y ^ 5)),
                      gf256::multiply(x, y) ^ gf256::multiply(x, 5));
        }
    }
    EXPECT_EQ(gf256::multiply(0x80, 2), 0x1D);  // x^8 = x^4 + x^3 + x^2 + 1
}

TEST(Erasure, AnyKRowsGiveBackTheObject) {
    const auto random = seeded_random(3);
    for (int round = 0; round < 300; ++round) {
        const int k = 1 + static_cast<int>(random->below(round < 280 ? 20 : 128));
        std::vector<std::string> rows;
        for (int i = 0; i < k; ++i) rows.push_back(random_bytes(*random, 9));
        std::map<int, std::string> some;
        while (some.size() < static_cast<std::size_t>(k)) {
            const int row = static_cast<int>(random->below(256));
            some[row] = row < k ? rows[static_cast<std::size_t>(row)] : repair_row(rows, row);
        }
        const auto back = rebuild(k, some);
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, rows);
    }
}

TEST(Erasure, TooFewRowsOrOfSeveralSizesGiveNothing) {
    const std::vector<std::string> rows = {"abc", "def", "ghi"};
    EXPECT_FALSE(rebuild(3, {{0, "abc"}, {5, repair_row(rows, 5)}}));
    EXPECT_FALSE(rebuild(3, {{0, "abc"}, {5, repair_row(rows, 5)}, {7, "longer"}}));
    EXPECT_FALSE(rebuild(0, {}));
    EXPECT_FALSE(rebuild(1, {{300, "abc"}}));
}

}  // namespace
}  // namespace waypost::trunk
