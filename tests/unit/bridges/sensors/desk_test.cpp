// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridges/sensors/sensor_desk.h"
#include "gateway/asked_values.h"
#include "tests/fakes/fake_office.h"

namespace waypost::sensors {
namespace {

class DeskTest : public testing::Test {
  protected:
    DeskTest() {
        Rule river;
        river.name = "river";
        river.topic = "flood/gauge";
        river.above = 2.5;
        river.text = "River at {value} m";
        river.over = "River fell to {value} m";
        river.to = {"ana", "#news"};
        river.alarm = true;
        river.ask = "water";
        river.unit = "m";
        options.rules = {river};
        options.speaks_for = "carl";
        office.state("first");  // the state of another one
    }
    SensorDesk desk() {
        return {options, "sensors.home", office,
                [this](const Rule&, bool begins) { commands.push_back(begins); }};
    }
    FakeOffice office;
    DeskOptions options;
    std::vector<bool> commands;
};

TEST_F(DeskTest, AFloodIsAnAlarmAndALetter) {
    SensorDesk desk = this->desk();
    EXPECT_TRUE(desk.take({0, 2.0}));
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_TRUE(desk.take({0, 2.75}));
    ASSERT_EQ(office.accepted.size(), 2u);
    const Message& alarm = office.accepted[0];
    EXPECT_TRUE(alarm.alert);
    EXPECT_TRUE(alarm.to.empty());
    EXPECT_EQ(alarm.from.uri(), "sensor:river");
    EXPECT_EQ(alarm.text, "River at 2.75 m");
    const Message& letter = office.accepted[1];
    EXPECT_EQ(letter.from, mailto("carl", "hill.example"));
    EXPECT_TRUE(letter.submitted);
    ASSERT_EQ(letter.to.size(), 2u);
    EXPECT_EQ(letter.to[0], person("ana"));
    EXPECT_EQ(letter.to[1], group("news"));
    EXPECT_EQ(letter.origin_id, alarm.origin_id);
    EXPECT_TRUE(desk.take({0, 2.8}));
    EXPECT_EQ(office.accepted.size(), 2u);
    EXPECT_TRUE(desk.take({0, 1.0}));
    ASSERT_EQ(office.accepted.size(), 3u);  // no alarm that all is well
    EXPECT_EQ(office.accepted[2].text, "River fell to 1 m");
    EXPECT_NE(office.accepted[2].origin_id, letter.origin_id);
    EXPECT_EQ(commands, (std::vector<bool>{true, false}));
}

TEST_F(DeskTest, WhatTheStoreDoesNotTakeIsToldByTheSameReadingLater) {
    SensorDesk desk = this->desk();
    office.line_verdict = Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, {}, 0};
    EXPECT_FALSE(desk.take({0, 3}));
    office.line_verdict.reset();
    EXPECT_TRUE(desk.take({0, 3}));
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(office.accepted[0].origin_id, office.accepted[1].origin_id);
    EXPECT_EQ(commands.size(), 1u);
}

TEST_F(DeskTest, WhoIsNotKnownIsCountedAndNothingWaitsForHim) {
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient, "nobody", 0};
    };
    SensorDesk desk = this->desk();
    EXPECT_TRUE(desk.take({0, 3}));
    EXPECT_EQ(desk.refused(), 2u);
}

TEST_F(DeskTest, ARestartTellsNothingTwice) {
    {
        SensorDesk desk = this->desk();
        EXPECT_TRUE(desk.take({0, 3}));
    }
    SensorDesk again = this->desk();
    EXPECT_TRUE(again.take({0, 3.1}));
    EXPECT_EQ(office.accepted.size(), 2u);
}

TEST_F(DeskTest, TheLastValueStandsReadyForWhoAsks) {
    SensorDesk desk = this->desk();
    EXPECT_EQ(desk.last_values().at("river"), "nothing came yet");
    EXPECT_TRUE(desk.take({0, 1.5}));
    desk.tick();
    const auto kept = office.state(kAskedValues).get("water");
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->substr(kept->find(' ') + 1), "1.5 m");
    EXPECT_EQ(desk.last_values().at("river"), "1.5 m");
}

}  // namespace
}  // namespace waypost::sensors
