// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/token_bucket.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

constexpr std::int64_t kHour = 3'600'000;
constexpr BucketSize kTenAnHour{3, 10};

TEST(TokenBucket, HoldsABurstAndFillsByTheHour) {
    TokenBucket bucket(3, 0);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(kTenAnHour, 1, 0));
    EXPECT_FALSE(bucket.take(kTenAnHour, 1, kHour / 20));
    EXPECT_TRUE(bucket.take(kTenAnHour, 1, kHour / 10));
    EXPECT_FALSE(bucket.take(kTenAnHour, 1, kHour / 10));
    EXPECT_DOUBLE_EQ(bucket.level(kTenAnHour, 100 * kHour), 3) << "never more than a burst";
}

TEST(TokenBucket, ADebtIsBoundedAndWhatIsGivenBackToo) {
    TokenBucket bucket(3, 0);
    bucket.spend(kTenAnHour, 100, -3, 0);
    EXPECT_DOUBLE_EQ(bucket.level(kTenAnHour, 0), -3);
    bucket.spend(kTenAnHour, -100, -3, 0);
    EXPECT_DOUBLE_EQ(bucket.level(kTenAnHour, 0), 3);
}

TEST(TokenBucket, SurvivesTheStoreAndRubbishIsFull) {
    TokenBucket bucket(3, 0);
    bucket.take(kTenAnHour, 2, 1000);
    const auto again = TokenBucket::load(bucket.save(), kTenAnHour, 1000);
    EXPECT_DOUBLE_EQ(again.level(kTenAnHour, 1000), bucket.level(kTenAnHour, 1000));
    for (const char* text : {"", "x", "nan 1", "3", "inf 0"}) {
        EXPECT_DOUBLE_EQ(TokenBucket::load(text, kTenAnHour, 0).level(kTenAnHour, 0), 3) << text;
    }
    EXPECT_DOUBLE_EQ(TokenBucket::load("1e300 0", kTenAnHour, 0).level(kTenAnHour, 0), 3);
    EXPECT_NEAR(TokenBucket::load("0 999999999999", kTenAnHour, 0).level(kTenAnHour, kHour / 10), 1,
                1e-9)
        << "a time to come would never fill it";
}

}  // namespace
}  // namespace waypost
