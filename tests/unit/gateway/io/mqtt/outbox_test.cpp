// SPDX-License-Identifier: Apache-2.0
// A broker that is away: what waits for it, and when it is looked for again.
#include "gateway/io/mqtt/outbox.h"

#include <gtest/gtest.h>

#include <set>

#include "gateway/base/reconnect_pauses.h"

namespace waypost::mqtt {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

MqttMessage message(int number, std::size_t bytes = 200) {
    std::string payload = std::to_string(number) + ' ';
    payload.resize(std::max(payload.size(), bytes), 'x');
    return {"msh/2/e/Village/!54d467a9", std::move(payload), false};
}

int number_of(const MqttMessage& message) { return std::stoi(message.payload); }

// A broker that has what is published, or is lost with it.
struct Broker {
    std::vector<int> has;
    // All that the outbox gives; `lost_after`: so many are answered for, then the line is lost.
    void take_all(Outbox& outbox, std::size_t lost_after = SIZE_MAX) {
        std::vector<Outbox::Next> under_way;
        std::size_t answered = 0;
        for (;;) {
            while (auto next = outbox.next()) under_way.push_back(std::move(*next));
            if (under_way.empty()) return;
            const bool lost = answered >= lost_after;
            if (lost) {
                for (const auto& each : under_way) outbox.answered(each.number, false);
                return;
            }
            has.push_back(number_of(under_way.front().message));
            outbox.answered(under_way.front().number, true);
            under_way.erase(under_way.begin());
            ++answered;
        }
    }
};

// An hour in which a message comes each second, and the broker is there for a moment in between.
TEST(Outbox, ABrokerThatIsAwayForAnHourCostsNothing) {
    Outbox outbox;
    std::size_t most = 0;
    for (int second = 0; second < 3600; ++second) {
        outbox.put(message(second));
        most = std::max(most, outbox.bytes());
    }
    EXPECT_EQ(outbox.waiting(), 3600u);
    EXPECT_LE(most, Outbox::Limits{}.bytes);
    Broker broker;
    broker.take_all(outbox, 1000);
    EXPECT_EQ(outbox.waiting(), 2600u);
    for (int second = 3600; second < 3700; ++second) outbox.put(message(second));
    broker.take_all(outbox);
    ASSERT_EQ(broker.has.size(), 3700u);
    for (int i = 0; i < 3700; ++i) EXPECT_EQ(broker.has[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(outbox.waiting(), 0u);
    EXPECT_EQ(outbox.bytes(), 0u);
    EXPECT_EQ(outbox.given_up(), 0u);
}

TEST(Outbox, MemoryIsBoundedAndTheOldestGoes) {
    Outbox outbox({100, 5000, 10});
    for (int i = 0; i < 200; ++i) outbox.put(message(i, 10));
    EXPECT_EQ(outbox.waiting(), 100u);
    EXPECT_EQ(outbox.given_up(), 100u);
    EXPECT_EQ(number_of(outbox.next()->message), 100);
    for (int i = 0; i < 100; ++i) outbox.put(message(i, 1000));
    EXPECT_LE(outbox.bytes(), 5000u);
    outbox.put(message(7, 6000));  // larger than all the room
    EXPECT_LE(outbox.bytes(), 5000u);
}

TEST(Outbox, WhatIsUnderWayIsLimitedAndComesBackInItsPlace) {
    Outbox outbox({100, 1 << 20, 2});
    for (int i = 0; i < 4; ++i) outbox.put(message(i));
    const auto first = outbox.next();
    const auto second = outbox.next();
    EXPECT_FALSE(outbox.next());
    outbox.answered(first->number, true);
    outbox.answered(first->number, false);  // said twice: it is gone
    outbox.answered(second->number, false);
    EXPECT_EQ(number_of(outbox.next()->message), 1);
    EXPECT_EQ(number_of(outbox.next()->message), 2);
    outbox.answered(999, true);
    EXPECT_EQ(outbox.waiting(), 3u);
}

TEST(ReconnectPauses, GrowToAMinuteAndAQuarterAndAreNotTheSameForAll) {
    std::set<milliseconds> tenth;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto random = seeded_random(seed);
        ReconnectPauses pauses(milliseconds(1000), *random);
        milliseconds gone{0};
        int tries = 0;
        for (; gone < hours(1); ++tries) {
            const milliseconds pause = pauses.next();
            EXPECT_GE(pause, milliseconds(1000));
            EXPECT_LE(pause, ReconnectPauses::kLongest * 5 / 4);
            gone += pause;
            if (tries == 10) tenth.insert(pause);
        }
        EXPECT_GE(tries, 48 + 6);  // it is found again within a minute and a quarter
        EXPECT_LE(tries, 60 + 6);
        pauses.went_well();
        EXPECT_LE(pauses.next(), milliseconds(1250));
    }
    EXPECT_GT(tenth.size(), 15u);
}

}  // namespace
}  // namespace waypost::mqtt
