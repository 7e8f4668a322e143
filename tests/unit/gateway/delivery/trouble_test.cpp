// SPDX-License-Identifier: Apache-2.0
// When something counts as wrong: the rules alone.
#include "gateway/health/trouble.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr store::Ms kNow = 1'800'000'000'000;

HealthFacts well() {
    HealthFacts facts;
    facts.wall_ms = kNow;
    facts.box_ms = 5'000'000'000;
    facts.disk_free = 1u << 30;
    Status up;
    up.up = true;
    facts.ways = {{"meshtastic.roof", "meshtastic", up}, {"email.relay", "email", up}};
    return facts;
}

std::vector<std::string> names(const HealthFacts& facts, const HealthSettings& settings = {}) {
    std::vector<std::string> all;
    for (const Finding& each : find_troubles(facts, settings))
        all.push_back(each.name() + (each.grave ? "!" : ""));
    return all;
}

using Names = std::vector<std::string>;

TEST(Trouble, NothingIsWrongWithABoxThatWorks) {
    EXPECT_EQ(names(well()), Names{});
    EXPECT_EQ(names(HealthFacts{}), (Names{"disk"})) << "a new box without a radio is not down";
}

TEST(Trouble, EachHasItsNameBothWays) {
    EXPECT_EQ(all_troubles().size(), 12u);
    for (const Trouble each : all_troubles()) EXPECT_EQ(trouble_named(to_string(each)), each);
    EXPECT_EQ(trouble_named("ways"), std::nullopt);
    EXPECT_EQ(trouble_named(""), std::nullopt);
}

TEST(Trouble, TheLastWayThatGoesIsGrave) {
    HealthFacts facts = well();
    facts.ways[0].status.up = false;
    EXPECT_EQ(names(facts), (Names{"way meshtastic.roof"}));
    facts.ways[1].status.up = false;
    EXPECT_EQ(names(facts), (Names{"way meshtastic.roof!", "way email.relay!"}));
    HealthSettings settings;
    settings.may_be_down = {"email.relay"};
    EXPECT_EQ(names(facts, settings), (Names{"way meshtastic.roof!"}));
}

TEST(Trouble, AirtimeIsUsedUpBelowATwentieth) {
    HealthFacts facts = well();
    Status& radio = facts.ways[0].status;
    radio.airtime_limited = true;
    radio.airtime_used = std::chrono::seconds(342);
    radio.airtime_left = std::chrono::seconds(18);
    EXPECT_EQ(names(facts), Names{});
    radio.airtime_left = std::chrono::seconds(17);
    EXPECT_EQ(names(facts), (Names{"airtime meshtastic.roof"}));
    radio.airtime_left = -std::chrono::seconds(1);
    EXPECT_EQ(names(facts), (Names{"airtime meshtastic.roof"}));
    radio.up = false;
    EXPECT_EQ(names(facts), (Names{"way meshtastic.roof"})) << "nobody waits for its airtime";
}

TEST(Trouble, TheDiskIsLowAndThenFull) {
    HealthFacts facts = well();
    facts.disk_free = (256u << 20) - 1;
    EXPECT_EQ(names(facts), (Names{"disk"}));
    facts.disk_full = true;
    EXPECT_EQ(names(facts), (Names{"disk!"}));
    facts.store_problem = "database is locked";
    EXPECT_EQ(names(facts), (Names{"disk!", "store!"}));
}

TEST(Trouble, WhatWaitsForADownNetworkIsNoTroubleOfItsOwn) {
    HealthFacts facts = well();
    facts.oldest_letter = {{"email", kNow - milliseconds(hours(24)).count()},
                           {"meshtastic", kNow - milliseconds(hours(23)).count()}};
    EXPECT_EQ(names(facts), (Names{"letters email"}));
    facts.ways[1].status.up = false;
    EXPECT_EQ(names(facts), (Names{"way email.relay"}));
}

TEST(Trouble, DaysBeforeItEndsACertificateIsOne) {
    HealthFacts facts = well();
    facts.certificate_ends_ms = kNow + milliseconds(hours(24 * 14)).count();
    EXPECT_EQ(names(facts), Names{});
    --*facts.certificate_ends_ms;
    EXPECT_EQ(names(facts), (Names{"certificate"}));
    facts.certificate_ends_ms = kNow - 1;
    EXPECT_EQ(names(facts), (Names{"certificate"}));
    facts.clock_doubt = "the clock jumped back";
    EXPECT_FALSE(is_sure(Trouble::Certificate, facts));
    EXPECT_TRUE(is_sure(Trouble::Way, facts));
}

TEST(Trouble, ANeighbourIsSilentForDays) {
    HealthFacts facts = well();
    facts.heard_ms = {{"dale", kNow - milliseconds(hours(24 * 14)).count()}, {"moor", kNow}};
    const auto found = find_troubles(facts, {});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].name(), "neighbour dale");
    EXPECT_EQ(found[0].lasts, milliseconds(hours(24 * 14)));
}

TEST(Trouble, AFailedBackupComesBeforeAnOldOne) {
    HealthFacts facts = well();
    facts.backup_box_ms = facts.box_ms - milliseconds(hours(24 * 30)).count() + 1;
    EXPECT_EQ(names(facts), Names{});
    --*facts.backup_box_ms;
    EXPECT_EQ(names(facts), (Names{"backup"}));
    facts.backup_problem = "no room";
    const auto found = find_troubles(facts, {});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].detail, "no room");
}

TEST(Trouble, ABatteryThatRunsDownAndASupplyThatIsTooWeak) {
    HealthFacts facts = well();
    facts.power.percent = 40;
    EXPECT_EQ(names(facts), Names{});
    facts.power.percent = 39;
    EXPECT_EQ(names(facts), (Names{"battery"}));
    EXPECT_EQ(find_troubles(facts, {})[0].detail, "battery at 39 %");
    facts.power.charging = true;
    EXPECT_EQ(names(facts), Names{});
    facts.power.charging = false;
    facts.power.mains = true;
    EXPECT_EQ(names(facts), Names{});
    facts.power.undervoltage = true;
    EXPECT_EQ(names(facts), (Names{"voltage"}));
}

TEST(Trouble, EachCanBeSwitchedOff) {
    HealthFacts facts;
    facts.wall_ms = kNow;
    facts.box_ms = 5'000'000'000;
    Status out;
    out.up = true;
    out.airtime_limited = true;
    out.airtime_used = minutes(6);
    facts.ways = {{"meshtastic.roof", "meshtastic", {}}, {"meshtastic.hut", "meshtastic", out}};
    facts.oldest_letter = {{"meshtastic", 1}};
    facts.store_problem = facts.clock_doubt = facts.backup_problem = facts.settings_problem = "x";
    facts.certificate_ends_ms = 1;
    facts.heard_ms = {{"dale", 1}};
    facts.power.percent = 1;
    facts.power.undervoltage = true;
    EXPECT_EQ(find_troubles(facts, {}).size(), all_troubles().size());
    HealthSettings settings;
    for (const Trouble each : all_troubles()) {
        settings.off = {each};
        EXPECT_EQ(find_troubles(facts, settings).size(), all_troubles().size() - 1)
            << to_string(each);
        EXPECT_FALSE(is_watched(each, "", facts, settings));
    }
}

}  // namespace
}  // namespace waypost
