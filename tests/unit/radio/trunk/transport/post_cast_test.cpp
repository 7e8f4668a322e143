// SPDX-License-Identifier: Apache-2.0
// A letter to persons of several neighbours goes once on air.
#include <gmock/gmock.h>

#include "gateway/message/handed.h"
#include "radio/trunk/transport/cast_cost.h"
#include "tests/unit/radio/trunk/transport/radio_box.h"

namespace waypost::trunk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = Outcome::Kind;

// Of three neighbours, each with one recipient of each message.
class PostCast : public ::testing::Test {
  protected:
    void meet() { world_.run(minutes(3)); }
    // The same text to a person of each.
    void write(const std::string& text, MessageId message, bool one_message = true) {
        for (const char* other : {"dale", "fen", "moor"}) {
            const std::string to = std::string("ben@") + other + ".example";
            world_.hill.post(other).deliver(
                world_.letter(to, text, one_message ? message : message++));
        }
    }
    void expect_at_each(const std::string& text) {
        for (auto& [name, box] : world_.others)
            EXPECT_THAT(box->kept(), ElementsAre("ben@" + name + ".example: " + text)) << name;
    }
    Villages world_{{"dale", "fen", "moor"}};
};

std::string text_of(std::size_t bytes) {
    const auto random = seeded_random(bytes);
    std::string text;
    while (text.size() < bytes) text += static_cast<char>('a' + random->below(26));
    return text;
}

TEST_F(PostCast, ATextToThreeNeighboursGoesOnce) {
    meet();
    const std::string text = text_of(1000);
    write(text, 1);
    world_.run(minutes(5));
    expect_at_each(text);
    EXPECT_THAT(world_.hill.outcomes(), ElementsAre(Kind::Sent, Kind::Sent, Kind::Sent));
    EXPECT_EQ(world_.hill.office.reports[0].second.code, kHandedCode);
    EXPECT_EQ(world_.hill.sender().casts(), 1u);
    for (auto& [name, box] : world_.others) {
        EXPECT_EQ(box->office.accepted.size(), 1u) << name;
        EXPECT_EQ(box->office.accepted[0].from, mailto("ana", "hill.example"));
        EXPECT_EQ(box->office.accepted[0].origin_id, "<mi3k9x1a.000000000001@hill.example>");
        EXPECT_EQ(world_.hill.post(name).waiting(), 0u);
    }
}

// What it saves, with all invitations and answers: 1000 bytes to three.
TEST_F(PostCast, ItTakesFewerBytesThanSendingToEach) {
    meet();
    write(text_of(300), 90, false);  // names are known then
    world_.run(minutes(5));
    const auto bytes_of = [&](bool one_message, MessageId message) {
        const std::size_t before = world_.channel.bytes();
        write(text_of(1000), message, one_message);
        world_.run(minutes(5));
        return world_.channel.bytes() - before;
    };
    const std::size_t each = bytes_of(false, 10);
    EXPECT_EQ(world_.hill.sender().casts(), 0u);
    const std::size_t cast = bytes_of(true, 20);
    EXPECT_EQ(world_.hill.sender().casts(), 1u);
    RecordProperty("bytes_to_each", static_cast<int>(each));
    RecordProperty("bytes_cast", static_cast<int>(cast));
    EXPECT_GT(each, 3000u);
    EXPECT_LT(cast, each / 2) << cast << " bytes instead of " << each;
}

TEST_F(PostCast, AShortTextGoesToEachAlone) {
    meet();
    write("Is the ford open?", 1);
    world_.run(minutes(5));
    expect_at_each("Is the ford open?");
    EXPECT_EQ(world_.hill.sender().casts(), 0u);
}

TEST_F(PostCast, SeveralRecipientsOfOneNeighbourShareTheText) {
    meet();
    const std::string text = text_of(800);
    write(text, 1);
    world_.hill.post("dale").deliver(world_.letter("bea@dale.example", text, 1));
    world_.run(minutes(5));
    EXPECT_THAT(world_.others["dale"]->kept(),
                ElementsAre("bea@dale.example: " + text, "ben@dale.example: " + text));
    EXPECT_EQ(world_.hill.sender().casts(), 1u);
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(4));
}

TEST_F(PostCast, AnOlderBoxIsNeverInvited) {
    world_.others["fen"]->casts = false;
    world_.others["fen"]->open(world_.now);
    meet();
    const std::string text = text_of(1000);
    write(text, 1);
    world_.run(minutes(5));
    expect_at_each(text);
    EXPECT_EQ(world_.hill.sender().casts(), 1u) << "of the two others";
    EXPECT_THAT(world_.hill.outcomes(), ElementsAre(Kind::Sent, Kind::Sent, Kind::Sent));
}

TEST_F(PostCast, WhatIsLostIsRepairedForAll) {
    meet();
    for (auto& [name, box] : world_.others) box->loss = 0.2;
    world_.hill.loss = 0.2;
    for (MessageId message = 1; message <= 5; ++message) {
        write(text_of(2000), message);
        world_.run(minutes(20));
    }
    for (auto& [name, box] : world_.others) {
        std::set<std::string> ids;
        for (const Message& each : box->office.accepted) ids.insert(each.origin_id);
        EXPECT_THAT(ids, SizeIs(5)) << name;
    }
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(15));
    EXPECT_THAT(world_.hill.outcomes(), Each(Kind::Sent));
    EXPECT_GE(world_.hill.sender().casts(), 3u) << "few receivers had to be left to their links";
}

TEST_F(PostCast, WhoGoesAwayMeanwhileGetsItAloneAndHoldsUpNobody) {
    meet();
    world_.others["fen"]->close();
    const std::string text = text_of(1000);
    write(text, 1);
    world_.run(minutes(3));
    EXPECT_THAT(world_.others["dale"]->kept(), SizeIs(1));
    EXPECT_THAT(world_.others["moor"]->kept(), SizeIs(1));
    EXPECT_THAT(world_.hill.outcomes(), ElementsAre(Kind::Sent, Kind::Sent));
    world_.others["fen"]->open(world_.now);
    world_.run(minutes(20));
    expect_at_each(text);
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(3));
}

// Custody is the disk's: not what came, but what was kept.
TEST_F(PostCast, WhatTheOtherBoxPutsOffIsNotHeld) {
    meet();
    auto& fen = *world_.others["fen"];
    fen.office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
    };
    write(text_of(1000), 1);
    world_.run(minutes(4));
    EXPECT_THAT(world_.hill.outcomes(), ElementsAre(Kind::Sent, Kind::Sent));
    EXPECT_EQ(world_.hill.post("fen").waiting(), 1u);
    fen.office.verdict = nullptr;
    world_.run(minutes(10));
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(3));
}

TEST_F(PostCast, WhoCannotReadACastGetsTheLetterAlone) {
    meet();
    auto& fen = *world_.others["fen"];
    int asked = 0;
    fen.unpack = [&asked](std::string_view packed, std::size_t) -> Result<std::string> {
        if (++asked == 1) return Error{Code::BadInput, "packed by a model that is not here", false};
        return std::string(packed);
    };
    fen.open(world_.now);
    meet();
    write(text_of(1000), 2, false);  // so that only the text is packed
    world_.run(minutes(5));
    asked = 0;
    write(text_of(900), 9);
    world_.run(minutes(5));
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(6));
    EXPECT_THAT(world_.hill.outcomes(), Each(Kind::Sent));
    EXPECT_GE(asked, 2) << "by the cast, and alone";
    EXPECT_EQ(world_.hill.sender().casts(), 0u) << "not for all";
}

TEST_F(PostCast, AnAlarmGoesBetweenItsRows) {
    meet();
    write(text_of(12'000), 1);
    world_.run(seconds(12));
    Delivery alarm = world_.letter("cat@moor.example", "SOS", 20);
    alarm.priority = waypost::Priority::Alarm;
    world_.hill.post("moor").deliver(alarm);
    world_.run(seconds(6));
    EXPECT_THAT(world_.others["moor"]->kept(), ElementsAre("cat@moor.example: SOS"));
    EXPECT_THAT(world_.others["dale"]->kept(), IsEmpty());
    world_.run(minutes(10));
    EXPECT_THAT(world_.hill.outcomes(), SizeIs(4));
}

TEST_F(PostCast, AlarmsAreNotHeldBackForACast) {
    meet();
    for (const char* other : {"dale", "fen", "moor"}) {
        Delivery alarm = world_.letter("ben@" + std::string(other) + ".example", text_of(400), 1);
        alarm.priority = waypost::Priority::Alarm;
        world_.hill.post(other).deliver(alarm);
    }
    world_.run(minutes(5));
    expect_at_each(text_of(400));
    EXPECT_EQ(world_.hill.sender().casts(), 0u);
}

// Power fails at hill, or at dale, before each of the frames in turn.
class KilledInACast : public PostCast, public ::testing::WithParamInterface<bool> {};

TEST_P(KilledInACast, EachMessageArrivesOnceWhereverPowerFails) {
    const std::string text = text_of(1200);
    for (int frame = 0; frame < 20; ++frame) {
        Villages world({"dale", "fen", "moor"});
        world.run(minutes(3));
        RadioBox& victim = GetParam() ? world.hill : *world.others["dale"];
        victim.cut_at = victim.left + frame;
        for (const char* other : {"dale", "fen", "moor"})
            world.hill.post(other).deliver(
                world.letter("ben@" + std::string(other) + ".example", text, 1));
        world.run(minutes(2));
        victim.cut_at = -1;
        victim.open(world.now);
        world.run(minutes(30));
        for (auto& [name, box] : world.others)
            EXPECT_THAT(box->kept(), ElementsAre("ben@" + name + ".example: " + text))
                << name << ", frame " << frame;
        EXPECT_THAT(world.hill.outcomes(), Each(Kind::Sent)) << frame;
        EXPECT_THAT(world.hill.outcomes(), SizeIs(3)) << frame;
        for (const char* other : {"dale", "fen", "moor"})
            EXPECT_EQ(world.hill.post(other).waiting(), 0u) << other << ", frame " << frame;
    }
}
INSTANTIATE_TEST_SUITE_P(AtHillAndAtDale, KilledInACast, ::testing::Bool());

TEST(CastCost, OneReceiverOrALittleTextIsNotWorthACast) {
    const auto airtime = [](std::size_t bytes) {
        return time_on_air(LoraParams{.preamble_symbols = 8}, bytes);
    };
    const auto cheaper = [&](std::size_t text, std::size_t receivers, double loss) {
        CastPlan plan{text, 255, {}};
        for (std::size_t i = 0; i < receivers; ++i) plan.receivers.push_back({text + 16, 52, loss});
        return airtime_cast(plan, airtime) < airtime_alone(plan, airtime);
    };
    EXPECT_FALSE(cheaper(2000, 1, 0));
    EXPECT_FALSE(cheaper(40, 3, 0));
    EXPECT_TRUE(cheaper(1000, 2, 0));
    EXPECT_TRUE(cheaper(300, 3, 0));
    EXPECT_TRUE(cheaper(1000, 3, 0.3));
}

}  // namespace
}  // namespace waypost::trunk
