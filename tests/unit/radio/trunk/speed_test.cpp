// SPDX-License-Identifier: Apache-2.0
// Two links whose modems change speed by agreement, over a channel whose signal comes and goes.
#include <gtest/gtest.h>

#include <algorithm>

#include "radio/trunk/link.h"
#include "radio/trunk/speed_choice.h"

namespace waypost::trunk {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr LoraParams kBase{.spreading_factor = 11, .bandwidth_hz = 250'000, .preamble_symbols = 8};
constexpr LoraParams kFast{.spreading_factor = 7, .bandwidth_hz = 250'000, .preamble_symbols = 8};
constexpr LoraParams kSome{.spreading_factor = 9, .bandwidth_hz = 250'000, .preamble_symbols = 8};
constexpr milliseconds kSetUp{1500};  // a modem is deaf while it is set up anew

struct World;

struct Side final : Air {
    Side(World& w, bool second, bool with_speeds);
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = 255;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return time_on_air(choice.params(speed), bytes);
    }
    BoxTime may_send(BoxTime at, std::chrono::microseconds, bool) const override {
        return std::max(at, set_up_until);
    }
    void act(LinkActions actions);

    World& world;
    const bool second;
    SpeedChoice choice;
    SpeedNumber speed = 0;
    BoxTime set_up_until{};
    std::optional<FrameOut> in_air;
    SpeedNumber sent_at = 0;
    BoxTime ends = BoxTime::max();
    std::vector<std::string> taken;
    std::size_t delivered = 0;
    int changes = 0;
    std::unique_ptr<Link> link;
};

struct World {
    explicit World(bool with_speeds) : a(*this, false, with_speeds), b(*this, true, with_speeds) {
        a.act(a.link->start(now));
        b.act(b.link->start(now));
    }
    bool arrives(SpeedNumber speed) {
        const LoraParams& params = a.choice.params(speed);
        const double margin = snr_db + 7.5 + 2.5 * (params.spreading_factor - 7);
        const double loss = margin >= 4 ? 0.02 : margin <= 0 ? 1 : 1 - margin / 4;
        return static_cast<double>(random->below(1'000'000)) >= loss * 1e6;
    }
    void end_of(Side& from, Side& to) {
        const FrameOut frame = std::move(*from.in_air);
        from.in_air.reset();
        from.ends = BoxTime::max();
        const bool heard = to.speed == from.sent_at && now >= to.set_up_until && !to.in_air;
        const bool there = heard && arrives(from.sent_at);
        from.act(from.link->fate({frame.id, FrameFate::Sent, 0}, now));
        if (there) to.act(to.link->heard(frame.bytes, static_cast<float>(snr_db), now));
    }
    void run(milliseconds time) {
        for (const BoxTime until = now + time;;) {
            const BoxTime next =
                std::min({a.ends, b.ends, a.link->next_tick(), b.link->next_tick()});
            if (next > until) {
                now = until;
                return;
            }
            now = std::max(now, next);
            if (a.ends <= now) end_of(a, b);
            if (b.ends <= now) end_of(b, a);
            for (Side* side : {&a, &b})
                if (side->link->next_tick() <= now) side->act(side->link->tick(now));
            if (const auto wanted = a.choice.next(a.link->health(), now))
                a.link->propose_speed(*wanted, now);
        }
    }
    // So many letters of 200 bytes, one each 20 s.
    void write(int letters) {
        for (int i = 0; i < letters; ++i) {
            Side& from = i % 4 == 3 ? b : a;
            ASSERT_TRUE(
                from.link->offer({++last_id, random_bytes(*random, 200), Priority::Chat}, now)
                    .ok());
            run(seconds(20));
        }
    }
    std::size_t arrived() const { return a.taken.size() + b.taken.size(); }
    std::chrono::microseconds airtime() const {
        return a.link->health().airtime + b.link->health().airtime;
    }
    std::unique_ptr<Random> random = seeded_random(3);
    BoxTime now{};
    double snr_db = 5;  // in 250 kHz
    ObjectId last_id = 0;
    Side a, b;
};

Side::Side(World& w, bool is_second, bool with_speeds)
    : world(w),
      second(is_second),
      choice(kBase,
             with_speeds ? std::vector<LoraParams>{kFast, kSome} : std::vector<LoraParams>{}) {
    LinkSettings settings;
    settings.psk = Secret(std::string(kKey, 'k'));
    settings.second = second;
    settings.speeds = choice.numbers();
    link = std::make_unique<Link>(std::move(settings), *this, *w.random, StateMap{});
}

void Side::act(LinkActions actions) {
    delivered += actions.delivered.size();
    if (actions.speed) {
        choice.now_at(*actions.speed, link->health(), world.now);
        if (speed != *actions.speed) {
            speed = *actions.speed;
            set_up_until = world.now + kSetUp;
            ++changes;
        }
    }
    if (actions.send) {
        in_air = std::move(actions.send);
        sent_at = speed;
        const BoxTime begins = std::max(world.now, set_up_until);
        ends = begins + std::chrono::ceil<milliseconds>(airtime(in_air->bytes.size()));
    }
    for (Received& each : actions.received) {
        for (std::string& object : each.objects) taken.push_back(std::move(object));
        act(link->confirm(each.number, world.now));
    }
}

TEST(Speeds, AGoodLinkGoesFasterAndSavesAirtime) {
    World with(true), without(false);
    with.write(400);
    without.write(400);
    with.run(hours(1));
    without.run(hours(1));
    EXPECT_EQ(with.arrived(), 400u);
    EXPECT_EQ(without.arrived(), 400u);
    RecordProperty("with_ms", static_cast<int>(with.airtime().count() / 1000));
    RecordProperty("without_ms", static_cast<int>(without.airtime().count() / 1000));
    EXPECT_LT(with.airtime() * 5, without.airtime() * 2) << "less than two fifths";
    EXPECT_LE(with.a.changes, 4);
}

TEST(Speeds, OneThatTurnsBadComesBackAndLosesNothing) {
    World world(true);
    world.write(100);
    ASSERT_NE(world.a.speed, 0u);
    world.snr_db = -11;  // enough for the base alone
    world.write(100);
    world.run(hours(1));
    EXPECT_EQ(world.a.speed, 0u);
    EXPECT_EQ(world.b.speed, 0u);
    EXPECT_EQ(world.arrived(), 200u);
    EXPECT_EQ(world.a.delivered + world.b.delivered, 200u);
    const int before = world.a.changes;
    world.write(720);  // four hours
    EXPECT_EQ(world.a.changes, before) << "the signal says that there is no use in it";
    EXPECT_EQ(world.arrived(), 920u);
}

TEST(Speeds, WhatTheSignalPromisesInVainIsTriedEverMoreSeldom) {
    World world(true);
    // Measured at the base it is good, and the faster ones never arrive: another radio is there.
    world.write(20);
    int trials = 0;
    SpeedChoice choice(kBase, std::vector<LoraParams>{kFast});
    LinkHealth health;
    health.loss = 0.02;
    health.our_snr_db = health.their_snr_db = 5.0F;
    BoxTime now{};
    std::vector<BoxTime> at;
    for (; now < BoxTime(hours(48)); now += minutes(1)) {
        health.heard += 10;
        if (const auto wanted = choice.next(health, now)) {
            ++trials;
            at.push_back(now);
            choice.now_at(*wanted, health, now);
            health.silences += 3;
            choice.now_at(0, health, now + minutes(1));
        }
    }
    EXPECT_LE(trials, 10);
    ASSERT_GE(trials, 4);
    EXPECT_GT(at[3] - at[2], (at[2] - at[1]) * 3 / 2);
}

TEST(Speeds, WithNothingToSayBothMeetAtTheBase) {
    World world(true);
    world.write(100);
    ASSERT_NE(world.a.speed, 0u);
    world.run(minutes(30));
    EXPECT_EQ(world.a.speed, 0u);
    EXPECT_EQ(world.b.speed, 0u);
    const std::size_t before = world.arrived();
    world.write(40);
    EXPECT_EQ(world.arrived(), before + 40);
    EXPECT_NE(world.a.speed, 0u) << "it was no failure: soon tried again";
}

TEST(Speeds, AreWrittenAsTheyAreCalled) {
    EXPECT_EQ(parse_speed("SF7/250", kBase)->spreading_factor, 7);
    EXPECT_EQ(parse_speed("SF10/500", kBase)->bandwidth_hz, 500'000);
    for (const char* wrong : {"", "SF7", "7/250", "SF6/250", "SF13/250", "SF7/251", "SF7/",
                              "SF/250", "SF7/250x", "SF7/-250"})
        EXPECT_FALSE(parse_speed(wrong, kBase).ok()) << wrong;
    const SpeedChoice choice(kFast, std::vector<LoraParams>{kBase});
    EXPECT_TRUE(choice.numbers().empty()) << "slower than the base";
}

}  // namespace
}  // namespace waypost::trunk
