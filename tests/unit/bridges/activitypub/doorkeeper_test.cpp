// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/server/doorkeeper.h"

#include <gtest/gtest.h>

namespace waypost::activitypub {
namespace {

const BoxTime kNow = box_from_ms(1'000'000);

TEST(Doorkeeper, SoManyInAMinuteFromOneAddress) {
    Doorkeeper keeper(3, 10);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(keeper.admit("192.0.2.1", kNow));
    EXPECT_FALSE(keeper.admit("192.0.2.1", kNow));
    EXPECT_TRUE(keeper.admit("192.0.2.2", kNow));
    EXPECT_TRUE(keeper.admit("192.0.2.1", kNow + std::chrono::seconds(20)));
    EXPECT_FALSE(keeper.admit("192.0.2.1", kNow + std::chrono::seconds(20)));
}

TEST(Doorkeeper, SoManyAtOnceWhichCostNothingElse) {
    Doorkeeper keeper(100, 2);
    auto first = keeper.admit("192.0.2.1", kNow);
    auto second = keeper.admit("192.0.2.1", kNow);
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(keeper.admit("192.0.2.1", kNow));
    EXPECT_TRUE(keeper.admit("192.0.2.2", kNow));
    first.reset();
    EXPECT_TRUE(keeper.admit("192.0.2.1", kNow));
}

}  // namespace
}  // namespace waypost::activitypub
