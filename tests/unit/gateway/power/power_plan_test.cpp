// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_plan.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

using std::chrono::minutes;

class Plan : public ::testing::Test {
  protected:
    PowerLevel at(int percent, std::optional<bool> mains = std::nullopt) {
        PowerReading reading;
        reading.percent = percent;
        reading.mains = mains;
        return plan_.look(reading, settings_, now_);
    }
    // It stays so for longer than is waited for.
    PowerLevel stays_at(int percent, std::optional<bool> mains = std::nullopt) {
        at(percent, mains);
        now_ += minutes(3);
        return at(percent, mains);
    }
    PowerSettings settings_;
    PowerPlan plan_;
    BoxTime now_{milliseconds(1000)};
};

TEST_F(Plan, TheWiFiGoesFirstThenTheConsole) {
    EXPECT_EQ(stays_at(100), PowerLevel::Full);
    EXPECT_EQ(stays_at(30), PowerLevel::Full);
    EXPECT_EQ(stays_at(29), PowerLevel::NoWifi);
    EXPECT_EQ(stays_at(15), PowerLevel::NoWifi);
    EXPECT_EQ(stays_at(14), PowerLevel::NoConsole);
    EXPECT_EQ(stays_at(0), PowerLevel::NoConsole) << "the radio to the end";
}

TEST_F(Plan, WhatGoesIsAnnounced) {
    stays_at(50);
    EXPECT_FALSE(plan_.soon());
    at(34);
    EXPECT_EQ(plan_.soon(), PowerLevel::NoWifi) << "five percent before";
    EXPECT_FALSE(plan_.next());
    EXPECT_EQ(at(29), PowerLevel::Full);
    ASSERT_TRUE(plan_.next());
    EXPECT_EQ(plan_.next()->level, PowerLevel::NoWifi);
    EXPECT_EQ(plan_.next()->at, now_ + minutes(2));
    now_ += minutes(2) - milliseconds(1);
    EXPECT_EQ(at(29), PowerLevel::Full);
    now_ += milliseconds(1);
    EXPECT_EQ(at(29), PowerLevel::NoWifi);
    EXPECT_FALSE(plan_.next());
    EXPECT_FALSE(plan_.soon());
    at(19);
    EXPECT_EQ(plan_.soon(), PowerLevel::NoConsole);
}

TEST_F(Plan, AMomentsDipSwitchesNothing) {
    stays_at(40);
    at(10);
    now_ += minutes(1);
    at(40);
    now_ += minutes(1) + milliseconds(1);
    EXPECT_EQ(at(10), PowerLevel::Full) << "it is waited for anew";
}

TEST_F(Plan, ItIsOnAgainWithTenPercentMoreOrByMains) {
    stays_at(10);
    EXPECT_EQ(stays_at(24), PowerLevel::NoConsole);
    EXPECT_EQ(stays_at(25), PowerLevel::NoWifi);
    EXPECT_EQ(stays_at(39), PowerLevel::NoWifi);
    EXPECT_EQ(stays_at(40), PowerLevel::Full);
    EXPECT_EQ(stays_at(10), PowerLevel::NoConsole);
    EXPECT_EQ(stays_at(10, true), PowerLevel::Full);
    EXPECT_EQ(stays_at(10, false), PowerLevel::NoConsole);
}

TEST_F(Plan, ThresholdsOfZeroSwitchNothing) {
    settings_.wifi_off_below = settings_.console_off_below = 0;
    EXPECT_EQ(stays_at(0), PowerLevel::Full);
    EXPECT_FALSE(plan_.soon());
}

TEST_F(Plan, WithoutABatteryAllStaysAsItIs) {
    now_ += minutes(5);
    EXPECT_EQ(plan_.look({}, settings_, now_), PowerLevel::Full);
    stays_at(20);
    now_ += minutes(5);
    EXPECT_EQ(plan_.look({}, settings_, now_), PowerLevel::NoWifi) << "it fell silent";
}

}  // namespace
}  // namespace waypost
