// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/airtime.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "radio/airtime/ledger.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(Airtime, EqualsTheFirmwaresRadioLibraryWithinAMillisecond) {
    std::ifstream file(WAYPOST_TEST_DATA "/meshtastic/airtime.json");
    const auto rows = Poco::JSON::Parser().parse(file).extract<Poco::JSON::Array::Ptr>();
    int compared = 0;
    for (unsigned i = 0; i < rows->size(); ++i) {
        const auto row = rows->getObject(i);
        LoraParams p;
        p.bandwidth_hz = static_cast<int>(std::lround(row->getValue<double>("bw_khz") * 1000));
        p.spreading_factor = row->getValue<int>("sf");
        p.coding_rate = row->getValue<int>("cr");
        p.preamble_symbols = row->getValue<int>("preamble_symbols");
        const auto times = row->getObject("time_on_air_us");
        for (const auto& size : times->getNames()) {
            const double theirs = times->getValue<double>(size);
            const auto ours = static_cast<double>(time_on_air(p, std::stoul(size)).count());
            EXPECT_NEAR(ours, theirs, std::max(1000.0, theirs * 0.002))
                << row->getValue<std::string>("preset") << ' ' << size;
            ++compared;
        }
    }
    EXPECT_GT(compared, 50);
}

TEST(AirtimeLedger, NeverLetsAnHourGoOverItsBudget) {
    AirtimeLedger ledger;
    ledger.set_budget(seconds(90), seconds(18));
    BoxTime now = box_from_ms(1);
    std::vector<std::pair<BoxTime, milliseconds>> sent;
    for (int i = 0; i < 5000; ++i) {
        now += seconds(7);
        const milliseconds cost(900 + i % 500);
        const bool alarm = i % 10 == 0;
        if (!ledger.may_spend(now, cost, alarm)) continue;
        ledger.spend(now, cost);
        sent.emplace_back(now, cost);
        milliseconds hour{0};
        for (const auto& [at, airtime] : sent) {
            if (now - at < std::chrono::hours(1)) hour += airtime;
        }
        ASSERT_LE(hour, seconds(90));
    }
    EXPECT_GT(sent.size(), 300u) << "and lets it be used";
    milliseconds all{0};
    for (const auto& each : sent) all += each.second;
    EXPECT_EQ(ledger.total(), all);
}

TEST(AirtimeLedger, KeepsAReserveForAlarmsAndSurvivesARestart) {
    AirtimeLedger ledger;
    ledger.set_budget(seconds(100), seconds(20));
    const BoxTime now = box_from_ms(5'000'000);
    ledger.spend(now, seconds(80));
    EXPECT_FALSE(ledger.may_spend(now, seconds(1), false));
    EXPECT_TRUE(ledger.may_spend(now, seconds(20), true));
    EXPECT_FALSE(ledger.may_spend(now, seconds(21), true));
    AirtimeLedger again;
    again.set_budget(seconds(100), seconds(20));
    again.load(ledger.save(now));
    EXPECT_EQ(again.used(now), seconds(80));
    EXPECT_EQ(again.total(), seconds(0)) << "of this run";
    EXPECT_EQ(again.free_at(now, seconds(1), false), now + minutes(61));
    EXPECT_TRUE(again.may_spend(now + minutes(62), seconds(1), false));
    again.load("rubbish -5 x");
    EXPECT_EQ(again.used(now), seconds(0));
}

TEST(AirtimeLedger, HoldsAllThatTheDeviceSendsToTheLaw) {
    AirtimeLedger ledger;
    ledger.set_budget(seconds(90), seconds(18), seconds(360));
    BoxTime now = box_from_ms(5'000'000);
    ledger.spend(now, seconds(10));
    now += seconds(20);
    ledger.observe(now, seconds(100));
    EXPECT_EQ(ledger.left(now, false), seconds(62)) << "what it relays takes nothing of our share";
    EXPECT_EQ(ledger.all_used(now), seconds(100));
    ledger.spend(now, seconds(5));
    ledger.spend_beside(now, seconds(1));
    EXPECT_EQ(ledger.used(now), seconds(15));
    EXPECT_EQ(ledger.all_used(now), seconds(106)) << "with what came since";
    now += seconds(20);
    ledger.observe(now, seconds(340));
    EXPECT_EQ(ledger.left(now, true), seconds(20));
    EXPECT_EQ(ledger.left(now, false), seconds(2));
    ledger.observe(now, seconds(0));
    EXPECT_EQ(ledger.all_used(now), seconds(16)) << "a device that was reset has forgotten it";
    ledger.observe(now, seconds(360));
    EXPECT_FALSE(ledger.may_spend(now, seconds(1), true));
    EXPECT_TRUE(ledger.may_spend(now + minutes(61), seconds(1), true)) << "a figure has its hour";
}

// The reserve is of what the law leaves, not of our share alone: what the device relays for others
// eats into it last.
TEST(AirtimeLedger, TheReserveHoldsUnderTheLawAndAfterARestart) {
    const auto budget = [](AirtimeLedger& ledger) {
        ledger.set_budget(seconds(90), seconds(18), seconds(100));
    };
    AirtimeLedger ledger;
    budget(ledger);
    const BoxTime now = box_from_ms(5'000'000);
    ledger.observe(now, seconds(70));
    BoxTime at = now;
    while (ledger.may_spend(at, seconds(1), false)) {
        ledger.spend(at, seconds(1));
        at += seconds(1);
    }
    EXPECT_EQ(ledger.used(at), seconds(12)) << "70 + 12 + 18 = 100";
    EXPECT_TRUE(ledger.may_spend(at, seconds(18), true));
    EXPECT_FALSE(ledger.may_spend(at, seconds(19), true));
    AirtimeLedger again;
    budget(again);
    again.load(ledger.save(at));
    again.observe(at, seconds(82));  // the device says it at every handshake
    EXPECT_FALSE(again.may_spend(at, seconds(1), false));
    EXPECT_TRUE(again.may_spend(at, seconds(18), true));
    EXPECT_FALSE(again.may_spend(at, seconds(19), true));
}

TEST(AirtimeLedger, WhatIsPromisedIsSpentToHimWhoLoadsIt) {
    AirtimeLedger ledger;
    const BoxTime now = box_from_ms(5'000'000);
    ledger.spend(now, seconds(3));
    AirtimeLedger again;
    again.load(ledger.save(now, seconds(9)));
    EXPECT_EQ(again.used(now), seconds(12));
    again.load(ledger.save(now));
    EXPECT_EQ(again.used(now), seconds(3));
}

TEST(Regions, AllThatTheFirmwareHasABandForAreKnown) {
    for (int region = 1; region <= 37; ++region) {
        if (region == 30 || region == 31) continue;
        EXPECT_GT(meshtastic_duty_cycle(region), 0) << region;
        EXPECT_STRNE(meshtastic_region_name(region), "unknown") << region;
    }
    EXPECT_EQ(meshtastic_duty_cycle(15), 0.01);
    EXPECT_EQ(meshtastic_duty_cycle(18), 1);
}

TEST(Regions, AnUnsetOneMaySendNothing) {
    EXPECT_EQ(meshtastic_duty_cycle(0), 0);
    EXPECT_EQ(meshtastic_duty_cycle(999), 0);
    EXPECT_EQ(meshtastic_duty_cycle(3), 0.1);
    EXPECT_STREQ(meshtastic_region_name(3), "EU_868");
    EXPECT_STREQ(meshtastic_region_name(30), "unknown");
    EXPECT_FALSE(meshtastic_preset(77).has_value());
}

}  // namespace
}  // namespace waypost
