// SPDX-License-Identifier: Apache-2.0
// One modem serves several neighbours.
#include <gmock/gmock.h>

#include "radio/trunk/transport/air_turns.h"
#include "tests/unit/radio/trunk/transport/radio_box.h"

namespace waypost::trunk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Kind = Outcome::Kind;

TEST(SharedRadio, EachNeighbourGetsItsOwn) {
    Villages world;
    world.run(minutes(2));
    EXPECT_TRUE(world.hill.post("dale").up());
    EXPECT_TRUE(world.hill.post("moor").up());
    world.hill.post("dale").deliver(world.letter("ben@dale.example", "To the dale", 1));
    world.hill.post("moor").deliver(world.letter("cat@moor.example", "To the moor", 2));
    world.run(minutes(5));
    EXPECT_THAT(world.others["dale"]->kept(), ElementsAre("ben@dale.example: To the dale"));
    EXPECT_THAT(world.others["moor"]->kept(), ElementsAre("cat@moor.example: To the moor"));
    EXPECT_THAT(world.hill.outcomes(), ElementsAre(Kind::Sent, Kind::Sent));
}

// Long letters to both and from both: nobody talks over another, so nothing has to be repeated.
TEST(SharedRadio, LinksDoNotTalkOverOneAnother) {
    Villages world;
    world.run(minutes(2));
    const std::size_t spoilt = world.channel.spoilt();
    for (MessageId i = 0; i < 6; ++i) {
        const std::string text(1500, static_cast<char>('a' + i));
        world.hill.post("dale").deliver(world.letter("ben@dale.example", text, 10 + i));
        world.hill.post("moor").deliver(world.letter("cat@moor.example", text, 20 + i));
    }
    world.run(minutes(30));
    EXPECT_THAT(world.hill.outcomes(), SizeIs(12));
    EXPECT_THAT(world.hill.outcomes(), Each(Kind::Sent));
    EXPECT_EQ(world.channel.spoilt(), spoilt);
    EXPECT_EQ(world.hill.post("dale").link().health().silences, 0u);
    EXPECT_EQ(world.hill.post("moor").link().health().silences, 0u);
}

// Eight long letters are under way to dale.
void dale_is_busy(Villages& world) {
    world.run(minutes(2));
    for (MessageId i = 0; i < 8; ++i)
        world.hill.post("dale").deliver(
            world.letter("ben@dale.example", std::string(3000, 'd'), 10 + i));
    world.run(seconds(3));
}

// Neither waits until the other has nothing more to send.
TEST(SharedRadio, TurnsAreShared) {
    Villages world;
    dale_is_busy(world);
    world.hill.post("moor").deliver(world.letter("cat@moor.example", "One line", 20));
    world.run(seconds(12));
    EXPECT_THAT(world.others["moor"]->kept(), SizeIs(1));
    EXPECT_LT(world.others["dale"]->office.accepted.size(), 8u);
}

TEST(SharedRadio, AnAlarmEndsTheTurnOfAnother) {
    Villages world;
    dale_is_busy(world);
    Delivery alarm = world.letter("cat@moor.example", "SOS", 20);
    alarm.priority = waypost::Priority::Alarm;
    world.hill.post("moor").deliver(alarm);
    world.run(seconds(6));
    EXPECT_THAT(world.others["moor"]->kept(), ElementsAre("cat@moor.example: SOS"));
}

// Its questions take little of the air.
TEST(SharedRadio, ANeighbourThatIsGoneDoesNotHoldUpTheOther) {
    Villages world;
    world.run(minutes(2));
    world.others["moor"]->close();
    world.hill.post("moor").deliver(world.letter("cat@moor.example", "Are you there?", 1));
    world.run(minutes(3));
    for (MessageId i = 0; i < 5; ++i) {
        world.hill.post("dale").deliver(world.letter("ben@dale.example", "Line", 10 + i));
        world.run(seconds(30));
    }
    EXPECT_THAT(world.hill.outcomes(), SizeIs(5)) << "of dale";
    world.others["moor"]->open(world.now);
    world.run(minutes(15));
    EXPECT_THAT(world.hill.outcomes(), SizeIs(6));
}

TEST(SharedRadio, OverALossyAirAllArrives) {
    Villages world;
    for (auto& [name, box] : world.others) box->loss = 0.2;
    world.hill.loss = 0.2;
    world.run(minutes(10));
    for (MessageId i = 0; i < 6; ++i) {
        const std::string text(400 + 100 * static_cast<std::size_t>(i), 'x');
        world.hill.post("dale").deliver(world.letter("ben@dale.example", text, 10 + i));
        world.hill.post("moor").deliver(world.letter("cat@moor.example", text, 20 + i));
    }
    world.run(minutes(60));
    EXPECT_THAT(world.hill.outcomes(), SizeIs(12));
    EXPECT_THAT(world.others["dale"]->kept(), SizeIs(6));
    EXPECT_THAT(world.others["moor"]->kept(), SizeIs(6));
}

struct User final : AirUser {
    BoxTime holds_air_until() const override { return until; }
    BoxTime until{};
};

TEST(AirTurns, WhoIsInAnExchangeGoesOnAndTheOthersWait) {
    AirTurns turns;
    User a, b;
    turns.join(a);
    turns.join(b);
    const BoxTime now = BoxTime{} + minutes(1);
    EXPECT_EQ(turns.may_send(a, now, false), now);
    a.until = now + seconds(3);
    EXPECT_EQ(turns.may_send(a, now, false), now);
    EXPECT_GT(turns.may_send(b, now, true), now) << "urgent or not";
    EXPECT_FALSE(turns.free(now));
    EXPECT_TRUE(turns.free(now + seconds(3)));
    turns.leave(a);
    EXPECT_EQ(turns.may_send(b, now, false), now);
}

TEST(AirTurns, WhatOthersHaveToSayIsNotSpokenInto) {
    AirTurns turns;
    User a;
    turns.join(a);
    const BoxTime now = BoxTime{} + minutes(1);
    turns.overheard(now, seconds(2));
    EXPECT_GT(turns.may_send(a, now, false), now);
    EXPECT_EQ(turns.may_send(a, now, true), now);
    EXPECT_EQ(turns.may_send(a, now + seconds(2), false), now + seconds(2));
    a.until = now + seconds(1);
    EXPECT_EQ(turns.may_send(a, now, false), now) << "an answer is due";
}

TEST(AirTurns, WhoNeverStopsIsSpokenIntoAfterAWhile) {
    AirTurns turns;
    User a;
    turns.join(a);
    const BoxTime start = BoxTime{} + minutes(1);
    int times = 0;
    for (BoxTime now = start; now < start + minutes(2); now += seconds(1)) {
        turns.overheard(now, seconds(2));
        times += turns.may_send(a, now, false) == now ? 1 : 0;
    }
    EXPECT_GE(times, 10);
    EXPECT_LE(times, 30);
}

TEST(AirTurns, AFrameOfOthersTellsHowMuchIsToCome) {
    Villages world;
    EXPECT_FALSE(still_to_come("", world.hill));
    EXPECT_FALSE(still_to_come("\xff\xff", world.hill));
    Frame frame;
    const auto after = [&](FrameType type, int remaining) {
        frame.type = type;
        frame.remaining = remaining;
        return *still_to_come(encode_head(frame) + std::string(60, 'x'), world.hill);
    };
    EXPECT_GT(after(FrameType::Single, 0), milliseconds(0)) << "an answer";
    EXPECT_GT(after(FrameType::Fragment, 3), 3 * after(FrameType::Single, 0));
    EXPECT_LE(after(FrameType::Fragment, 7), seconds(10));
    EXPECT_EQ(after(FrameType::Report, 0), milliseconds(0));
}

}  // namespace
}  // namespace waypost::trunk
