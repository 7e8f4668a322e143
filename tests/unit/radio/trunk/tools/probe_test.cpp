// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/base/encoding.h"
#include "radio/trunk/link.h"
#include "radio/trunk/tools/pinger.h"

namespace waypost::trunk {
namespace {

using std::chrono::seconds;
using Kind = PingResult::Kind;

const std::string kPairs(kKey, 'k');

FrameIn frame(std::string bytes, int rssi, float snr) { return {std::move(bytes), {}, rssi, snr}; }

TEST(ProbeFrame, TheBytesAreThoseOfTheReadme) {
    const ProbeKey key;
    const std::string ping = key.encode({false, 0x01020304, 7, {}});
    EXPECT_EQ(to_hex(ping).substr(0, 16), "e010010203040007");
    EXPECT_EQ(ping.size(), kPingBytes);
    const std::string answer = key.encode({true, 0x01020304, 7, {-91, -3.25F}}, 20);
    EXPECT_EQ(to_hex(answer).substr(0, 32), "e0110102030400075bf3000000000000");
    EXPECT_EQ(answer.size(), 20U);
    const auto read = key.parse(answer);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->answer);
    EXPECT_EQ(read->run, 0x01020304U);
    EXPECT_EQ(read->number, 7);
    EXPECT_EQ(read->heard.rssi_dbm, -91);
    EXPECT_EQ(read->heard.snr_db, -3.25F);
}

TEST(ProbeFrame, WhatAModemDoesNotSayIsNotSaid) {
    const ProbeKey key;
    const auto read = key.parse(key.encode({true, 1, 1, {}}));
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(read->heard.rssi_dbm || read->heard.snr_db);
    const auto loud = key.parse(key.encode({true, 1, 1, {20, -90.0F}}));
    ASSERT_TRUE(loud.ok());
    EXPECT_EQ(loud->heard.rssi_dbm, -1);
    EXPECT_EQ(loud->heard.snr_db, -31.75F);
}

TEST(ProbeFrame, NoBitMayBeAnother) {
    const ProbeKey key(kPairs);
    const std::string good = key.encode({true, 9, 9, {-80, 5.0F}}, 16);
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(key.parse(bad).ok()) << bit;
    }
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(key.parse(good.substr(0, size)).ok()) << size;
    EXPECT_FALSE(key.parse(good + std::string(300, '\0')).ok());
    EXPECT_FALSE(ProbeKey().parse(good).ok());  // of a pair
    EXPECT_FALSE(ProbeKey(std::string(kKey, 'x')).parse(good).ok());
}

struct NoAir : Air {
    FrameLimits limits() const override { return {}; }
    std::chrono::microseconds airtime(std::size_t) const override { return {}; }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }
};

TEST(ProbeFrame, ALinkDropsAndCountsIt) {
    const NoAir air;
    const auto random = seeded_random(1);
    LinkSettings settings;
    settings.psk = Secret(kPairs);
    Link link(std::move(settings), air, *random, {});
    const LinkActions actions = link.heard(ProbeKey(kPairs).encode({false, 1, 1, {}}), 5.0F, {});
    EXPECT_FALSE(actions.ours);
    EXPECT_EQ(link.health().unknown, 1U);
    EXPECT_EQ(link.health().refused, 0U);
}

struct Pinging : testing::Test {
    Pinger make(int count = 3) {
        PingSettings settings;
        settings.count = count;
        settings.every = seconds(10);
        settings.answer_wait = seconds(2);
        return {settings, ProbeKey(kPairs), 77};
    }
    std::string send(Pinger& pinger) {
        const auto packet = pinger.due(now);
        EXPECT_TRUE(packet);
        pinger.began(now);
        return packet.value_or("");
    }
    BoxTime now = BoxTime{} + seconds(100);
    Answerer answerer{ProbeKey(kPairs)};
};

TEST_F(Pinging, TheAnswerTellsHowStrongItWasAtBothEnds) {
    Pinger pinger = make();
    const std::string ping = send(pinger);
    EXPECT_FALSE(pinger.due(now + seconds(60)));  // one at a time
    const auto answer = answerer.heard(frame(ping, -101, -7.5F));
    ASSERT_TRUE(answer);
    EXPECT_FALSE(pinger.fate({1, FrameFate::Sent, 0}, now + milliseconds(200)));
    const auto result = pinger.heard(frame(answer->packet, -99, -6.0F), now + milliseconds(700));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->kind, Kind::Answered);
    EXPECT_EQ(result->number, 1);
    EXPECT_EQ(result->round_trip, milliseconds(700));
    EXPECT_EQ(result->here.rssi_dbm, -99);
    EXPECT_EQ(result->there.rssi_dbm, -101);
    EXPECT_EQ(result->there.snr_db, -7.5F);
    EXPECT_EQ(pinger.next_tick(), now + seconds(10));
}

TEST_F(Pinging, OneThatNobodyAnswersIsLostAndTheCountEnds) {
    Pinger pinger = make(2);
    for (int i = 1; i <= 2; ++i) {
        send(pinger);
        pinger.fate({1, FrameFate::Sent, 0}, now);
        EXPECT_FALSE(pinger.tick(now + milliseconds(1999)));
        const auto result = pinger.tick(now + seconds(2));
        ASSERT_TRUE(result);
        EXPECT_EQ(result->kind, Kind::Lost);
        EXPECT_EQ(result->number, i);
        now += seconds(10);
    }
    EXPECT_TRUE(pinger.done());
    EXPECT_FALSE(pinger.due(now + seconds(100)));
}

TEST_F(Pinging, WhatWasNotOnAirIsNoLoss) {
    Pinger pinger = make();
    send(pinger);
    const auto result = pinger.fate({1, FrameFate::NoAirtime, 0}, now);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->kind, Kind::NotSent);
    EXPECT_EQ(result->fate, FrameFate::NoAirtime);
}

TEST_F(Pinging, LateDoubledAndStrangeAnswersCountForNothing) {
    Pinger pinger = make();
    const std::string ping = send(pinger);
    const std::string answer = answerer.heard(frame(ping, -90, 1))->packet;
    EXPECT_FALSE(answerer.heard(frame(ping, -90, 1)));     // a recording of it
    EXPECT_FALSE(pinger.heard(frame(ping, -90, 1), now));  // an echo
    EXPECT_FALSE(pinger.heard(frame(ProbeKey(kPairs).encode({true, 78, 1, {}}), -90, 1), now));
    EXPECT_FALSE(pinger.heard(frame(ProbeKey().encode({true, 77, 1, {}}), -90, 1), now));
    EXPECT_TRUE(pinger.heard(frame(answer, -90, 1), now));
    EXPECT_FALSE(pinger.heard(frame(answer, -90, 1), now));
    now += seconds(10);
    send(pinger);
    EXPECT_FALSE(pinger.heard(frame(answer, -90, 1), now));  // to the one before
}

TEST_F(Pinging, OnesAnswersAreForPingsAlone) {
    EXPECT_FALSE(answerer.heard(frame(ProbeKey(kPairs).encode({true, 1, 1, {}}), -90, 1)));
    EXPECT_FALSE(answerer.heard(frame("", -90, 1)));
    EXPECT_FALSE(answerer.heard(frame(ProbeKey().encode({false, 1, 1, {}}), -90, 1)));
    // Memory for runs is bounded.
    for (std::uint32_t run = 0; run < 1000; ++run)
        EXPECT_TRUE(answerer.heard(frame(ProbeKey(kPairs).encode({false, run, 1, {}}), -90, 1)));
}

}  // namespace
}  // namespace waypost::trunk
