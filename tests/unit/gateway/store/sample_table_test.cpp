// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/sample_table.h"

#include "open_tables.h"

namespace waypost::store {
namespace {

constexpr Ms kStart = 1'800'000'000'000;  // of a bucket
constexpr Ms kMinute = 60'000;

class SampleTables : public OpenTables {
  protected:
    std::vector<SampleSum> sums(Ms step = kSampleBucketMs, int steps = 6) {
        return tables_->samples.sums(kStart, step, kStart + steps * step);
    }
};

TEST_F(SampleTables, WhatFallsIntoTheSameTenMinutesIsOneRow) {
    for (int minute = 0; minute < 10; ++minute)
        tables_->samples.add(kStart + minute * kMinute, {"trunk.dale", "snr_db", -7.5});
    tables_->samples.add(kStart + 10 * kMinute, {"trunk.dale", "snr_db", 3.25});
    tables_->samples.add(kStart, {"trunk.dale", "up", 1});
    tables_->samples.add(kStart, {"email", "up", 0});
    const auto all = sums();
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[0].transport, "email");
    EXPECT_EQ(all[1].metric, "snr_db");
    EXPECT_EQ(all[1].step, 0);
    EXPECT_EQ(all[1].times, 10);
    EXPECT_DOUBLE_EQ(all[1].total, -75);
    EXPECT_EQ(all[2].step, 1);
    EXPECT_DOUBLE_EQ(all[2].total, 3.25);
    EXPECT_EQ(all[3].metric, "up");
}

TEST_F(SampleTables, LongerStepsJoinRowsAndWhatIsOutsideStaysOut) {
    tables_->samples.add(kStart - 1, {"a", "up", 1});
    for (int bucket = 0; bucket < 7; ++bucket)
        tables_->samples.add(kStart + bucket * kSampleBucketMs, {"a", "up", bucket < 2 ? 1.0 : 0});
    const auto all = sums(3 * kSampleBucketMs, 2);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].times, 3);
    EXPECT_DOUBLE_EQ(all[0].total, 2);
    EXPECT_DOUBLE_EQ(all[1].total, 0);
}

TEST_F(SampleTables, NoValueIsBeyondBounds) {
    tables_->samples.add(kStart, {"a", "waiting", 1e300});
    tables_->samples.add(kStart + kSampleBucketMs, {"a", "waiting", -1e300});
    const auto all = sums();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_DOUBLE_EQ(all[0].total, 1e6);
    EXPECT_DOUBLE_EQ(all[1].total, -1e6);
}

TEST_F(SampleTables, OldOnesGoAndThoseOfATimeToCome) {
    for (int bucket = 0; bucket < 5; ++bucket)
        tables_->samples.add(kStart + bucket * kSampleBucketMs, {"a", "up", 1});
    EXPECT_EQ(tables_->samples.forget(kStart + kSampleBucketMs, kStart + 3 * kSampleBucketMs), 2u);
    const auto all = sums();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all.front().step, 1);
    EXPECT_EQ(all.back().step, 3);
}

}  // namespace
}  // namespace waypost::store
