// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/bands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "radio/airtime/amateur.h"

namespace waypost {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

Emission at(std::string_view region, double mhz, int khz, double power_dbm = 10) {
    Emission e;
    e.region = region;
    e.frequency_hz = static_cast<std::uint32_t>(std::llround(mhz * 1e6));
    e.bandwidth_hz = khz * 1000;
    e.power_dbm = power_dbm;
    return e;
}

std::string refusal(const Emission& e) {
    const auto answer = allowance(e);
    EXPECT_FALSE(answer.ok()) << e.region << ' ' << e.frequency_hz;
    return answer.ok() ? "" : answer.error().text;
}

TEST(Bands, EuropesSubBandsHaveTheirHours) {
    const struct {
        double mhz;
        int khz;
        seconds per_hour;
    } rows[] = {{864, 125, seconds(0)},       {866, 125, seconds(36)},
                {868.1, 125, seconds(36)},    {868.3, 500, seconds(36)},
                {868.95, 125, seconds(0)},    {869.525, 125, seconds(360)},
                {869.525, 250, seconds(360)}, {869.85, 250, seconds(36)}};
    for (const auto& row : rows) {
        const auto answer = allowance(at("EU868", row.mhz, row.khz));
        ASSERT_TRUE(answer.ok()) << row.mhz << ' ' << answer.error().text;
        const milliseconds expected =
            row.per_hour == seconds(0) ? milliseconds(3600) : row.per_hour;
        EXPECT_EQ(answer->per_hour, expected) << row.mhz;
        EXPECT_TRUE(answer->verified);
    }
}

TEST(Bands, PowerIsWhatLeavesTheAntenna) {
    Emission e = at("EU868", 869.525, 125, 27);
    EXPECT_NEAR(allowance(e)->most_power_dbm, 29.15, 0.001) << "27 dBm ERP, 0 dBi";
    e.antenna_gain_dbi = 5.15;
    EXPECT_THAT(refusal(e), HasSubstr("set at most 24.0 dBm"));
    e.cable_loss_db = 3;
    EXPECT_TRUE(allowance(e).ok());
    e.power_dbm = 27.01;
    EXPECT_THAT(refusal(e), HasSubstr("nothing is sent"));
    EXPECT_THAT(refusal(at("EU868", 868.3, 125, 17)), HasSubstr("set at most 16.1 dBm"));
}

TEST(Bands, FiveMilliwattNeedNoDutyCycleWhereTheRuleSaysSo) {
    EXPECT_EQ(allowance(at("EU868", 869.85, 125, 9))->per_hour, std::chrono::hours(1));
    EXPECT_EQ(allowance(at("EU868", 869.85, 125, 10))->per_hour, seconds(36));
    EXPECT_EQ(allowance(at("EU868", 869.85, 125, 9))->band,
              allowance(at("EU868", 869.85, 125, 10))->band);
}

TEST(Bands, TheWholeSignalLiesInside) {
    EXPECT_TRUE(allowance(at("EU868", 869.525, 250)).ok()) << "fills its band to the edges";
    EXPECT_THAT(refusal(at("EU868", 869.526, 250)), HasSubstr("869.4-869.65"));
    EXPECT_THAT(refusal(at("EU868", 869.525, 500)), HasSubstr("keeps the whole signal within"));
    EXPECT_THAT(refusal(at("EU868", 868.65, 62)), HasSubstr("868-868.6")) << "alarms' own band";
    EXPECT_THAT(refusal(at("EU868", 915, 125)), HasSubstr("nothing is sent"));
    EXPECT_THAT(refusal(at("EU433", 434.79, 125)), HasSubstr("433.05-434.79"));
}

TEST(Bands, TheUnitedStatesWantWideOrHoppingSignals) {
    const auto wide = allowance(at("US915", 915, 500, 30));
    ASSERT_TRUE(wide.ok());
    EXPECT_EQ(wide->dwell, milliseconds(0));
    EXPECT_EQ(wide->per_hour, std::chrono::hours(1));
    EXPECT_THAT(refusal(at("US915", 915, 125, 20)), HasSubstr("a bandwidth of 500 kHz"));
    Emission hopping = at("US915", 915, 125, 30);
    hopping.hop_channels = 50;
    EXPECT_EQ(allowance(hopping)->dwell, milliseconds(400));
    EXPECT_EQ(allowance(hopping)->dwell_window, seconds(20));
    hopping.hop_channels = 49;
    EXPECT_FALSE(allowance(hopping).ok());
    hopping.bandwidth_hz = 250'000;
    EXPECT_FALSE(allowance(hopping).ok()) << "fewer than 50 channels: 24 dBm";
    hopping.power_dbm = 24;
    EXPECT_EQ(allowance(hopping)->dwell_window, seconds(10));
    EXPECT_TRUE(allowance(at("US915", 915, 125, -2)).ok()) << "15.249";
    Emission gain = at("US915", 915, 500, 30);
    gain.antenna_gain_dbi = 6;
    EXPECT_TRUE(allowance(gain).ok());
    gain.antenna_gain_dbi = 9;
    EXPECT_THAT(refusal(gain), HasSubstr("set at most 27.0 dBm"));
}

TEST(Bands, WhatIsNotVerifiedIsSaidAndStrict) {
    const auto asia = allowance(at("AS923", 923.2, 125));
    ASSERT_TRUE(asia.ok());
    EXPECT_FALSE(asia->verified);
    EXPECT_EQ(asia->per_hour, seconds(36));
    EXPECT_EQ(asia->dwell, milliseconds(400));
    EXPECT_FALSE(allowance(at("AS923", 921.4, 125)).ok());
    EXPECT_FALSE(allowance(at("AS923", 923.2, 125, 17)).ok());
    EXPECT_TRUE(allowance(at("IN865", 866, 125, 20)).ok());
    EXPECT_THAT(refusal(at("IN865", 866, 250)), HasSubstr("at most 200 kHz"));
    EXPECT_TRUE(allowance(at("AU915", 917, 500, 30)).ok());
    EXPECT_FALSE(allowance(at("AU915", 917, 125, 20)).ok());
    EXPECT_EQ(allowance(at("AU915", 917, 125, 4))->dwell, milliseconds(400));
}

TEST(Bands, AnUnknownRegionOrNonsenseSendsNothing) {
    for (const char* region : {"", "eu868", "EU", "CN470", "EU868 "}) {
        EXPECT_THAT(refusal(at(region, 869.525, 125)), HasSubstr("EU868, EU433, US915")) << region;
    }
    Emission e = at("EU868", 869.525, 125);
    e.power_dbm = std::nan("");
    EXPECT_THAT(refusal(e), HasSubstr("make no sense"));
    e = at("EU868", 869.525, 125);
    e.cable_loss_db = -3;
    EXPECT_THAT(refusal(e), HasSubstr("nothing is sent"));
    e = at("EU868", 869.525, 0);
    EXPECT_THAT(refusal(e), HasSubstr("nothing is sent"));
    e = at("EU868", 0, 125);
    EXPECT_FALSE(allowance(e).ok());
    e.frequency_hz = 0xFFFFFFFF;
    EXPECT_FALSE(allowance(e).ok());
}

TEST(Bands, EveryRuleIsInOrderAndHasItsSource) {
    for (const BandRule& rule : band_rules()) {
        EXPECT_LT(rule.from_hz, rule.to_hz) << rule.band;
        EXPECT_GT(rule.duty_per_mille, 0);
        EXPECT_LE(rule.duty_per_mille, 1000);
        EXPECT_LE(rule.least_bandwidth_hz, rule.most_bandwidth_hz);
        EXPECT_FALSE(rule.source.empty());
    }
}

TEST(Amateur, BandsAreTheNationalOnes) {
    EXPECT_TRUE(amateur_allows("R1", 433'775'000, 125'000).ok());
    EXPECT_TRUE(amateur_allows("US", 144'390'000, 16'000).ok());
    EXPECT_FALSE(amateur_allows("US", 144'390'000, 125'000).ok()) << "20 kHz on 2 m";
    EXPECT_FALSE(amateur_allows("US", 433'000'000, 125'000).ok()) << "100 kHz on 70 cm";
    EXPECT_FALSE(amateur_allows("R1", 869'525'000, 125'000).ok());
    EXPECT_FALSE(amateur_allows("R1", 145'990'000, 25'000).ok()) << "over the edge";
    const auto unknown = amateur_allows("R9", 145'000'000, 16'000);
    ASSERT_FALSE(unknown.ok());
    EXPECT_THAT(unknown.error().text, HasSubstr("set R1, R2, R3 or US"));
    EXPECT_FALSE(amateur_allows("R1", 145'000'000, 0).ok());
}

TEST(Amateur, WhatNobodyCanReadOrAnswersForIsNotSent) {
    using T = AmateurTraffic;
    for (const T t : {T::Identification, T::LinkControl, T::OwnMessage, T::ScreenedMail})
        EXPECT_TRUE(amateur_may_send(t).ok());
    EXPECT_THAT(amateur_may_send(T::UnscreenedMail).error().text, HasSubstr("97.219"));
    EXPECT_THAT(amateur_may_send(T::NncpPacket).error().text, HasSubstr("NNCP"));
    EXPECT_THAT(amateur_may_send(T::Encrypted).error().text, HasSubstr("25.2A"));
}

TEST(Amateur, CallSigns) {
    for (const char* good : {"DB0ABC", "9A1X", "W1A", "N0CALL", "2E0XYZ"})
        EXPECT_TRUE(is_call_sign(good)) << good;
    for (const char* bad :
         {"", "A", "AB", "ABC", "123", "W1", "DB0ABC1", "db0abc", "DB0-A", "DB0ABCD"})
        EXPECT_FALSE(is_call_sign(bad)) << bad;
}

}  // namespace
}  // namespace waypost
