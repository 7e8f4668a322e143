// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/rides.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

constexpr std::int64_t kNow = 1'800'000'000, kDay = 86400;

SpoolPacket packet(std::uint8_t number) {
    SpoolPacket packet;
    packet.name.fill(number);
    return packet;
}
StickRecord record(const std::string& id, std::vector<Ride> rides) {
    return {id, id, StickRecord::State::Accepted, 0, std::move(rides)};
}
Ride ride(std::uint8_t number, std::int64_t at, int times = 1) {
    return {NodeId{}, packet(number).name, at, times};
}

TEST(Rides, APacketRidesEachStickOnce) {
    const auto here = record("A", {ride(1, kNow)});
    Rides rides({here, record("B", {ride(2, kNow)})}, here, {}, kNow);
    EXPECT_TRUE(rides.skip(packet(1), false));
    EXPECT_FALSE(rides.skip(packet(1), true)) << "a copy that lies there is looked at";
    EXPECT_FALSE(rides.skip(packet(2), false)) << "it rode another one";
    EXPECT_FALSE(rides.skip(packet(3), false));
}

TEST(Rides, AfterAWeekItMayRideTheSameStickAgain) {
    const auto here = record("A", {ride(1, kNow - 7 * kDay), ride(2, kNow - 6 * kDay)});
    Rides rides({here}, here, {}, kNow);
    EXPECT_FALSE(rides.skip(packet(1), false));
    EXPECT_TRUE(rides.skip(packet(2), false));
    rides.rode(packet(1));
    const auto kept = rides.here({packet(1)});
    ASSERT_EQ(kept.size(), 1u) << "what waits no longer is forgotten";
    EXPECT_EQ(kept[0].times, 2);
    EXPECT_EQ(kept[0].at, kNow);
}

TEST(Rides, EachTimeItWaitsTwiceAsLong) {
    const auto here = record("A", {ride(1, kNow - 13 * kDay, 2), ride(2, kNow - 14 * kDay, 2),
                                   ride(3, kNow - 4000 * kDay, 90)});
    const Rides rides({here}, here, {}, kNow);
    EXPECT_TRUE(rides.skip(packet(1), false));
    EXPECT_FALSE(rides.skip(packet(2), false));
    EXPECT_FALSE(rides.skip(packet(3), false));
}

TEST(Rides, NoRideIsAnArrivalUnlessSomebodySaysSo) {
    const auto here = record("A", {ride(1, kNow)});
    RideRules three;
    three.rides = 3;
    Rides rides({here, record("B", {ride(1, kNow, 1)})}, here, three, kNow);
    EXPECT_FALSE(rides.enough(packet(1)));
    EXPECT_FALSE(rides.enough(packet(2))) << "it never rode";
    rides.rode(packet(1));
    EXPECT_TRUE(rides.enough(packet(1)));
    const auto often = record("A", {ride(1, kNow - 60 * kDay, 9)});
    EXPECT_FALSE(Rides({}, often, {}, kNow).enough(packet(1), kNow - 90 * kDay));
    three.answering = {NodeId{}};
    EXPECT_FALSE(Rides({}, often, three, kNow).enough(packet(1))) << "its ACK will say so";
}

TEST(Rides, WhatRodeWaitsHalfAYearForAnAnswer) {
    const auto here = record("A", {ride(1, kNow - 60 * kDay, 9)});
    const Rides rides({here}, here, {}, kNow);
    EXPECT_FALSE(rides.enough(packet(1), kNow - 179 * kDay));
    EXPECT_TRUE(rides.enough(packet(1), kNow - 180 * kDay));
    EXPECT_FALSE(rides.enough(packet(1), 0)) << "made nobody knows when";
    EXPECT_FALSE(rides.enough(packet(2), kNow - 999 * kDay)) << "it never rode";
    EXPECT_FALSE(Rides({}, here, {}, 86400).enough(packet(1), kNow - 180 * kDay))
        << "this box thinks it is 1970";
}

SpoolPacket ack(std::uint8_t number) {
    SpoolPacket ack = packet(number);
    ack.nice = kNiceAck;
    ack.bytes = 2 * 480;  // by a relay
    return ack;
}

TEST(Rides, NobodyAcknowledgesAnAck) {
    RideRules rules;
    rules.answering = {NodeId{}};
    const auto here = record("A", {ride(1, kNow, 3), ride(2, kNow, 2), ride(3, kNow - 30 * kDay)});
    const Rides rides({here}, here, rules, kNow);
    EXPECT_TRUE(rides.enough(ack(1)));
    EXPECT_FALSE(rides.enough(ack(2)));
    EXPECT_TRUE(rides.enough(ack(3)));
    SpoolPacket request = ack(1);
    request.bytes += 9;
    EXPECT_FALSE(rides.enough(request)) << "of the same niceness, but no ACK";
}

TEST(Rides, ARideOfUnknownTimeCountsFromTheFirstKnownOne) {
    const auto old = record("A", {ride(2, 0)});
    EXPECT_EQ(Rides({}, old, {}, kNow).here({packet(2)})[0].at, kNow);
    EXPECT_EQ(Rides({}, old, {}, 86400).here({packet(2)})[0].at, 0);
}

}  // namespace
}  // namespace waypost::nncp
