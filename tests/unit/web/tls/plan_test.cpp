// SPDX-License-Identifier: Apache-2.0
// When an authority is asked, and when not.
#include <gtest/gtest.h>

#include <algorithm>

#include "web/tls/acme_plan.h"

namespace waypost::tls {
namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::int64_t kNow = 1'800'000'000'000;

CertificateFacts lasting(std::int64_t from, std::int64_t until) {
    return {{"village.example"}, "An authority", "", from, until};
}

TEST(AcmePlan, ACertificateIsRenewedInItsLastThirtyDays) {
    const std::vector<std::string> names{"village.example"};
    EXPECT_TRUE(is_due(std::nullopt, names, kNow));
    const auto quarter = lasting(kNow, kNow + 90 * kDay);
    EXPECT_FALSE(is_due(quarter, names, kNow + 60 * kDay - 1));
    EXPECT_TRUE(is_due(quarter, names, kNow + 60 * kDay));
    EXPECT_TRUE(is_due(quarter, names, kNow + 200 * kDay));
    EXPECT_TRUE(is_due(quarter, {"village.example", "mail.village.example"}, kNow));
}

TEST(AcmePlan, AShortOneIsRenewedInItsLastThird) {
    const auto week = lasting(kNow, kNow + 6 * kDay);
    EXPECT_FALSE(is_due(week, {"village.example"}, kNow + 4 * kDay - 1));
    EXPECT_TRUE(is_due(week, {"village.example"}, kNow + 4 * kDay));
}

// Whoever does as next_try() says, and fails each time.
std::vector<std::int64_t> tries_of(std::int64_t days, bool reached, double chance) {
    std::vector<std::int64_t> all;
    AcmeState state;
    std::int64_t now = 1000;
    while ((now = next_try(state, now)) < 1000 + days * kDay) {
        all.push_back(now);
        state = after(state, {reached, "it says no", now, kNow, chance});
    }
    return all;
}

TEST(AcmePlan, FailuresAreNeverMoreThanFiveInAnyDayWhateverTheChance) {
    for (const double chance : {0.0, 0.5, 0.999}) {
        const auto tries = tries_of(30, true, chance);
        ASSERT_GT(tries.size(), 30u) << "it never gives up";
        for (std::size_t i = kMostAsked; i < tries.size(); ++i)
            ASSERT_GE(tries[i] - tries[i - kMostAsked], kDay) << i;
        EXPECT_GE(tries[1] - tries[0], 48 * kMinute);
        EXPECT_LE(tries[1] - tries[0], 72 * kMinute);
        EXPECT_LE(tries.back() - tries[tries.size() - 2], 15 * kHour);
    }
    EXPECT_NE(tries_of(1, true, 0.1), tries_of(1, true, 0.9)) << "boxes spread";
}

TEST(AcmePlan, AnAuthorityThatIsNotThereIsLookedForEveryHour) {
    const auto tries = tries_of(2, false, 0.5);
    EXPECT_EQ(tries.size(), 48u);
}

TEST(AcmePlan, ASuccessStartsAnewButStillCounts) {
    AcmeState state;
    for (std::int64_t i = 0; i < 5; ++i) {
        EXPECT_EQ(next_try(state, 1000 + i), 1000 + i);
        state = after(state, {true, "", 1000 + i, kNow, 0.5});
    }
    EXPECT_EQ(next_try(state, 1005), 1000 + kDay);
    EXPECT_EQ(next_try(state, 1000 + kDay), 1000 + kDay);
    state = after({}, {true, "no", 1000, kNow, 0.5});
    EXPECT_EQ(state.failures, 1);
    EXPECT_EQ(after(state, {true, "", 1000 + kHour, kNow, 0.5}).failures, 0);
}

TEST(AcmePlan, WhatIsOnRecordComesBack) {
    AcmeState state = after({}, {true, "the name \"a\" is not\nyours", 77, kNow, 0.5});
    state = after(state, {false, "not there", 78, kNow + 1, 0.5});
    const AcmeState back = state_from(to_text(state));
    EXPECT_EQ(back.asked_box_ms, state.asked_box_ms);
    EXPECT_EQ(back.failures, 1);
    EXPECT_EQ(back.next_box_ms, state.next_box_ms);
    EXPECT_EQ(back.problem, "not there");
    EXPECT_EQ(back.problem_ms, kNow + 1);
    for (const char* rubbish : {"", "{}", "[1]", "{\"asked\": 7}", "\xff", "{\"asked\":[\"x\"]}"})
        EXPECT_EQ(state_from(rubbish).asked_box_ms.size(), 0u) << rubbish;
}

}  // namespace
}  // namespace waypost::tls
