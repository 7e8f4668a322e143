// SPDX-License-Identifier: Apache-2.0
// Two links over the virtual channel, whatever it does to them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/trunk/auditor.h"
#include "tests/trunk/station.h"

namespace waypost::trunk {
namespace {

using std::chrono::hours;

struct Pair {
    explicit Pair(ChannelOptions options, StationOptions first = side(false, 1),
                  StationOptions second = side(true, 1))
        : channel(options), auditor(first.psk, first.link) {
        channel.join([this](const std::string& packet, BoxTime) { auditor.hear(packet); });
        a = std::make_unique<Station>(channel, std::move(first));
        b = std::make_unique<Station>(channel, std::move(second));
    }
    bool run(milliseconds time = hours(48)) {
        return run_until_done(channel, {a.get(), b.get()}, now, now + time);
    }
    Channel channel;
    Auditor auditor;
    std::unique_ptr<Station> a, b;
    BoxTime now{};
};

std::string text(Random& random, std::size_t bytes) { return random_bytes(random, bytes); }

std::vector<std::string> sorted(std::vector<std::string> all) {
    std::sort(all.begin(), all.end());
    return all;
}

// One link by hand: the test is the air, the clock and the other side's owner.
struct Desk : Air {
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = payload;
        limits.deaf = deaf;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return time_on_air({.preamble_symbols = 8}, bytes);
    }
    BoxTime may_send(BoxTime at, std::chrono::microseconds, bool urgent) const override {
        return urgent ? at : std::max(at, allowed_from);
    }
    std::unique_ptr<Link> make(bool second, const StateMap& state = {}) {
        LinkSettings settings;
        settings.psk = Secret(std::string(kKey, 'k'));
        settings.second = second;
        settings.speeds = {3};
        settings.facts = second ? "second" : "first";
        return std::make_unique<Link>(std::move(settings), *this, *random, state);
    }
    // The packet goes to `to` (nullptr: lost); what both then want is `last` and `answer`.
    void carry(Link& from, const LinkActions& actions, Link* to) {
        ASSERT_TRUE(actions.send);
        now += std::chrono::ceil<milliseconds>(airtime(actions.send->bytes.size()));
        sent = actions.send->bytes;
        last = from.fate({actions.send->id, FrameFate::Sent, 0}, now);
        answer = to == nullptr ? LinkActions{} : to->heard(sent, 5.0F, now);
    }
    LinkActions next(Link& link, LinkActions actions = {}) {
        for (int i = 0; i < 20 && !actions.send && link.next_tick() != BoxTime::max(); ++i) {
            now = std::max(now, link.next_tick());
            actions = link.tick(now);
        }
        return actions;
    }
    void greet(Link& a, Link& b) {
        carry(a, next(a, a.start(now)), &b);
        carry(b, next(b), &a);
        carry(a, next(a), &b);
        carry(b, next(b), &a);
        ASSERT_TRUE(a.up() && b.up());
    }
    std::unique_ptr<Random> random = seeded_random(9);
    std::size_t payload = 255;
    milliseconds deaf{0};
    BoxTime now{}, allowed_from{};
    std::string sent;
    LinkActions last, answer;
};

struct Greeted : testing::Test {
    void SetUp() override { desk.greet(*a, *b); }
    Desk desk;
    std::unique_ptr<Link> a = desk.make(false), b = desk.make(true);
};
struct Custody : Greeted {};
struct Turns : Greeted {};
struct Law : Greeted {};
struct Modem : Greeted {};
struct Speed : Greeted {};
struct Notices : Greeted {};

// The second object is whole and its owner is slow; of the first a fragment is missing.
TEST_F(Custody, WhatIsMissingGoesBeforeTheOtherOwnerIsAskedAgain) {
    ASSERT_TRUE(a->offer({1, std::string(300, 'x'), Priority::Chat}, desk.now).ok());
    ASSERT_TRUE(a->offer({2, std::string(300, 'y'), Priority::Chat}, desk.now).ok());
    LinkActions next = desk.next(*a);
    for (int i = 0; i < 4; ++i) {
        desk.carry(*a, next, i == 0 ? nullptr : b.get());
        next = i < 3 ? desk.next(*a, desk.last) : LinkActions{};
    }
    desk.carry(*b, desk.next(*b), a.get());
    const BoxTime before = desk.now;
    const LinkActions again = desk.next(*a, desk.answer);
    ASSERT_TRUE(again.send);
    EXPECT_EQ(parse_frame(again.send->bytes)->type, FrameType::Fragment);
    EXPECT_LT(desk.now - before, milliseconds(1000));
}

TEST_F(Custody, NothingIsDeliveredBeforeTheOtherOwnerConfirmed) {
    ASSERT_TRUE(a->offer({7, "hello", Priority::Chat}, desk.now).ok());
    const LinkActions first = desk.next(*a);
    ASSERT_EQ(first.keep.size(), 1U);  // its number, before the frame
    desk.carry(*a, first, b.get());
    ASSERT_EQ(desk.answer.received.size(), 1U);
    const std::uint64_t number = desk.answer.received[0].number;
    // The owner is slow: b says that it has it, and not that it holds it.
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_TRUE(desk.answer.delivered.empty());
    b->confirm(number, desk.now);
    desk.carry(*a, desk.next(*a), b.get());  // a asks again
    EXPECT_EQ(desk.sent.size(), 1 + kReportTag);
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(desk.answer.delivered, std::vector<ObjectId>{7});
    EXPECT_EQ(desk.sent.size(), 1 + kReportTag);
}

// It asks less and less often where nobody answers, for minutes in the end.
TEST_F(Custody, WhoSpeaksAgainIsAnsweredAtOnce) {
    ASSERT_TRUE(b->offer({7, "hello", Priority::Chat}, desk.now).ok());
    LinkActions next = desk.next(*b);
    for (int i = 0; i < 12; ++i) {
        desk.carry(*b, next, nullptr);
        next = desk.next(*b, desk.last);
    }
    desk.carry(*b, next, nullptr);
    const BoxTime before = desk.now;
    auto anew = desk.make(false);  // the other begins anew, and knows nothing of it
    desk.carry(*anew, desk.next(*anew, anew->start(desk.now)), b.get());
    desk.carry(*b, desk.next(*b, desk.answer), anew.get());
    EXPECT_TRUE(anew->up());
    EXPECT_LT(desk.now - before, milliseconds(10'000));
}

TEST_F(Custody, ALostAnswerDeliversOnce) {
    ASSERT_TRUE(a->offer({7, "hello", Priority::Chat}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    const std::string once = desk.sent;
    b->confirm(desk.answer.received.at(0).number, desk.now);
    desk.carry(*b, desk.next(*b), nullptr);
    desk.carry(*a, desk.next(*a), b.get());
    EXPECT_EQ(desk.sent, once);  // repeated, it is the same packet
    EXPECT_TRUE(desk.answer.received.empty());
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(desk.answer.delivered, std::vector<ObjectId>{7});
}

TEST(Sizes, WhatTooManyFragmentsWouldCarryIsRefused) {
    Outbox box(std::string(kKey, 'k'), false);
    box.resume(0, 255);
    std::vector<StateRow> keep;
    EXPECT_FALSE(box.offer({1, std::string(26'000, 'x'), Priority::Mail}, {}).ok())
        << "in a session as before it";
    ASSERT_TRUE(box.offer({7, std::string(25'000, 'x'), Priority::Mail}, {}).ok());
    EXPECT_EQ(box.next(keep)->type, FrameType::Fragment);
    box.resume(0, 100);  // a lesser modem at the other side
    EXPECT_EQ(box.take_refused(), std::vector<ObjectId>{7});
    std::vector<ObjectId> delivered;
    box.hold(0, delivered);
    const auto piece = box.next(keep);
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->type, FrameType::Bundle) << "the number ends with nothing";
    EXPECT_TRUE(piece->bytes.empty());
    ASSERT_TRUE(box.offer({8, std::string(25'000, 'x'), Priority::Mail}, {}).ok());
    EXPECT_FALSE(box.next(keep));
    EXPECT_EQ(box.take_refused(), std::vector<ObjectId>{8});
}

TEST(Hostile, WhatIsForgedReplayedOrUnknownChangesNothing) {
    Desk desk;
    const auto a = desk.make(false);
    const auto b = desk.make(true);
    desk.carry(*a, desk.next(*a, a->start(desk.now)), b.get());
    const std::string question = desk.sent;
    desk.carry(*b, desk.next(*b), a.get());
    desk.carry(*a, desk.next(*a), b.get());
    desk.carry(*b, desk.next(*b), a.get());
    ASSERT_TRUE(a->offer({1, "first", Priority::Chat}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    const std::string single = desk.sent;
    b->confirm(desk.answer.received.at(0).number, desk.now);
    desk.carry(*b, desk.next(*b), a.get());
    const std::string hold = desk.sent;
    ASSERT_TRUE(a->offer({2, "second", Priority::Chat}, desk.now).ok());
    const LinkActions open = desk.next(*a);
    desk.carry(*a, open, nullptr);
    for (const std::string& replay : {single, question, hold}) {
        const LinkActions at_b = b->heard(replay, {}, desk.now);
        EXPECT_TRUE(at_b.received.empty() && at_b.keep.empty());
        EXPECT_TRUE(a->heard(replay, {}, desk.now).delivered.empty());
    }
    for (std::size_t bit = 0; bit < hold.size() * 8; ++bit) {
        std::string forged = hold;
        forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ 1 << bit % 8);
        EXPECT_TRUE(a->heard(forged, {}, desk.now).delivered.empty());
    }
    EXPECT_GT(a->health().refused, 30U);
    const std::uint64_t unknown = b->health().unknown;
    b->heard("\xE0\x55 of a later version", {}, desk.now);
    EXPECT_EQ(b->health().unknown, unknown + 1);
    // The session lives on.
    desk.carry(*a, desk.next(*a), b.get());
    while (desk.answer.received.empty()) desk.carry(*a, desk.next(*a), b.get());
    EXPECT_EQ(desk.answer.received.at(0).objects.at(0), "second");
}

TEST_F(Turns, AnAlarmGoesBetweenFragmentsOfAMail) {
    ASSERT_TRUE(a->offer({1, std::string(2000, 'm'), Priority::Mail}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    EXPECT_EQ(parse_frame(desk.sent)->type, FrameType::Fragment);
    ASSERT_TRUE(a->offer({2, "help", Priority::Alarm}, desk.now).ok());
    std::vector<FrameType> types;
    for (int i = 0; i < 3; ++i) {
        desk.carry(*a, desk.next(*a, desk.last), b.get());
        types.push_back(parse_frame(desk.sent)->type);
    }
    EXPECT_EQ(std::count(types.begin(), types.begin() + 2, FrameType::Single), 1);
}

TEST_F(Turns, AnAnswerBringsAShortObjectAlong) {
    ASSERT_TRUE(a->offer({1, "how are you", Priority::Chat}, desk.now).ok());
    ASSERT_TRUE(b->offer({9, "fine", Priority::Chat}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    b->confirm(desk.answer.received.at(0).number, desk.now);
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(parse_frame(desk.sent)->type, FrameType::Report);
    EXPECT_EQ(desk.answer.delivered, std::vector<ObjectId>{1});
    ASSERT_EQ(desk.answer.received.size(), 1U);
    EXPECT_EQ(desk.answer.received[0].objects.at(0), "fine");
}

TEST_F(Turns, ShortObjectsThatComeTogetherAreOneFrame) {
    for (ObjectId id = 1; id <= 5; ++id)
        ASSERT_TRUE(a->offer({id, "short " + std::to_string(id), Priority::Chat}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    ASSERT_EQ(desk.answer.received.size(), 1U);
    EXPECT_EQ(desk.answer.received[0].objects.size(), 5U);
    b->confirm(desk.answer.received[0].number, desk.now);
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(desk.answer.delivered.size(), 5U);
}

TEST_F(Law, NothingIsSentBeforeItMayBe) {
    desk.now += std::chrono::seconds(1);
    desk.allowed_from = desk.now + std::chrono::minutes(30);
    ASSERT_TRUE(a->offer({1, "patience", Priority::Chat}, desk.now).ok());
    LinkActions actions = a->tick(desk.now);
    EXPECT_FALSE(actions.send);
    EXPECT_EQ(a->next_tick(), desk.allowed_from);
    ASSERT_TRUE(a->offer({2, "help", Priority::Alarm}, desk.now).ok());
    actions = a->tick(desk.now);
    ASSERT_TRUE(actions.send);  // what is urgent has a reserve
    desk.carry(*a, actions, b.get());
    EXPECT_EQ(desk.answer.received.at(0).objects.at(0), "help");
}

TEST_F(Modem, WhatWasNotOnAirGoesAgainAndEarlyNacksCount) {
    ASSERT_TRUE(a->offer({1, std::string(600, 'm'), Priority::Chat}, desk.now).ok());
    const LinkActions first = desk.next(*a);
    desk.last = a->fate({first.send->id, FrameFate::Busy, 0}, desk.now);
    EXPECT_FALSE(desk.last.send);  // pauses first
    const LinkActions again = desk.next(*a);
    EXPECT_EQ(again.send->bytes, first.send->bytes);
    desk.last = a->fate({again.send->id, FrameFate::NotAcked, 1}, desk.now);
    const LinkActions third = desk.next(*a, desk.last);
    EXPECT_EQ(parse_frame(third.send->bytes)->index, 0);  // at once, without a report
}

TEST(Deaf, TheNextFrameWaitsUntilTheOtherHearsAgain) {
    Desk desk;
    const auto a = desk.make(false);
    const auto b = desk.make(true);
    desk.deaf = milliseconds(700);
    desk.greet(*a, *b);
    ASSERT_TRUE(a->offer({1, std::string(600, 'm'), Priority::Mail}, desk.now).ok());
    desk.carry(*a, desk.next(*a), b.get());
    EXPECT_FALSE(desk.last.send);
    const BoxTime ended = desk.now;
    ASSERT_TRUE(desk.next(*a, desk.last).send);
    EXPECT_EQ(desk.now, ended + desk.deaf);
}

TEST_F(Speed, BothChangeTogetherAndFallBackWhenNothingIsHeard) {
    desk.now += std::chrono::seconds(10);
    a->propose_speed(3, desk.now);
    desk.carry(*a, desk.next(*a), b.get());
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(desk.last.speed, 3U);
    EXPECT_EQ(desk.answer.speed, 3U);
    // Nothing is heard at the new speed: both are back by themselves.
    LinkActions actions = desk.answer;
    for (int i = 0; i < 5 && a->speed() == 3; ++i) {
        desk.carry(*a, desk.next(*a, actions), nullptr);
        actions = desk.last;
    }
    EXPECT_EQ(a->speed(), 0U);
    for (int i = 0; i < 10 && b->speed() == 3; ++i) {
        ASSERT_NE(b->next_tick(), BoxTime::max()) << "nobody would wake it";
        desk.now = std::max(desk.now, b->next_tick());
        b->tick(desk.now);
    }
    EXPECT_EQ(b->speed(), 0U);
}

TEST_F(Speed, AnUnknownPresetIsNotAgreedTo) {
    desk.now += std::chrono::seconds(10);
    a->propose_speed(12, desk.now);
    desk.carry(*a, desk.next(*a), b.get());
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_FALSE(desk.last.speed);
    EXPECT_FALSE(desk.answer.speed);
    EXPECT_EQ(a->speed(), 0U);
}

TEST(Hello, TellsTheFactsOfEachSide) {
    Desk desk;
    const auto a = desk.make(false);
    const auto b = desk.make(true);
    desk.carry(*a, desk.next(*a, a->start(desk.now)), b.get());
    desk.carry(*b, desk.next(*b), a.get());
    EXPECT_EQ(desk.answer.facts, "second");
    desk.carry(*a, desk.next(*a), b.get());
    EXPECT_EQ(desk.answer.facts, "first");
}

TEST_F(Notices, BeaconAndCloseAreHeard) {
    a->send_beacon({300, 4, 1000});
    desk.carry(*a, desk.next(*a, a->tick(desk.now)), b.get());
    ASSERT_TRUE(desk.answer.beacon);
    EXPECT_EQ(desk.answer.beacon->waiting_objects, 4U);
    EXPECT_FALSE(b->heard(desk.sent, {}, desk.now).beacon);  // a replay
    a->send_close();
    desk.carry(*a, desk.next(*a, a->tick(desk.now)), b.get());
    EXPECT_FALSE(b->up());
}

TEST(Link, OneMessageArrivesAndIsDeliveredOnce) {
    Pair pair{{}};
    pair.a->want(7, "hello there", Priority::Chat, pair.now);
    ASSERT_TRUE(pair.run());
    EXPECT_EQ(pair.b->taken(), std::vector<std::string>{"hello there"});
    EXPECT_EQ(pair.a->delivered(), std::vector<ObjectId>{7});
}

// Power fails once, at each of the steps in turn, on either side.
TEST(PowerCut, AtEachStepNothingIsLostTakenTwiceOrSealedTwice) {
    for (const bool at_sender : {true, false}) {
        int cuts = 0;
        for (int step = 0; step < 60; ++step) {
            SCOPED_TRACE(step);
            ChannelOptions options;
            options.seed = static_cast<std::uint64_t>(step) + 1;
            options.lora.spreading_factor = 7;
            Pair pair(options, side(false, 1), side(true, 1));
            const auto random = seeded_random(7);
            const std::string mail = text(*random, 2000);
            (at_sender ? pair.a : pair.b)->cut_power_at(step);
            pair.a->want(1, mail, Priority::Mail, pair.now);
            pair.a->want(2, "short", Priority::Chat, pair.now);
            pair.b->want(3, "back", Priority::Chat, pair.now);
            ASSERT_TRUE(pair.run());
            cuts += (at_sender ? pair.a : pair.b)->power_cuts();
            EXPECT_TRUE(sorted(pair.b->taken()) == sorted({mail, "short"}));
            EXPECT_TRUE(pair.a->taken() == std::vector<std::string>{"back"});
            EXPECT_EQ(pair.auditor.reused(), 0);
        }
        EXPECT_GT(cuts, 25) << "all steps that there are";
    }
}

TEST(PowerCut, HalfOfAMailIsNotSentAgain) {
    ChannelOptions options;
    Pair pair(options);
    const auto random = seeded_random(7);
    pair.a->want(1, text(*random, 5000), Priority::Mail, pair.now);
    pair.run(std::chrono::seconds(30));  // of 45
    const std::size_t before = pair.channel.bytes();
    pair.b->cut_power(pair.now);
    ASSERT_TRUE(pair.run());
    EXPECT_GT(before, 1500U);
    EXPECT_LT(pair.channel.bytes(), 6500U);
    EXPECT_EQ(pair.b->taken().size(), 1U);
}

struct Weather {
    double loss;
    bool bursts;
    bool rough;
    double power_cuts;
};

class Rough : public testing::TestWithParam<Weather> {};

TEST_P(Rough, EveryObjectArrivesExactlyOnceAndNoNonceSealsTwoTexts) {
    const Weather weather = GetParam();
    int power_cuts = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(seed);
        ChannelOptions options;
        options.loss = weather.loss;
        options.bursts = weather.bursts;
        options.seed = seed;
        options.lora.spreading_factor = 7;
        if (weather.rough)
            options.flips = options.duplicates = options.replays = options.strangers = 0.05;
        StationOptions first = side(false, seed);
        StationOptions second = side(true, seed);
        first.power_cuts = second.power_cuts = weather.power_cuts;
        first.slowest_disk = second.slowest_disk = milliseconds(seed % 3 * 1000);
        Pair pair(options, first, second);
        const auto random = seeded_random(seed);
        std::vector<std::string> to_a, to_b;
        for (ObjectId id = 1; id <= 12; ++id) {
            const std::size_t sizes[] = {0, 1, 33, 200, 246, 247, 1000, 5000};
            const std::string bytes = text(*random, sizes[random->below(8)]);
            const auto priority = static_cast<Priority>(random->below(4));
            const bool from_a = random->below(3) != 0;
            (from_a ? to_b : to_a).push_back(bytes);
            (from_a ? pair.a : pair.b)->want(id, bytes, priority, pair.now);
            if (random->below(2) == 0)
                pair.run(milliseconds(static_cast<std::int64_t>(random->below(5000))));
        }
        ASSERT_TRUE(pair.run()) << pair.a->wanted() << " and " << pair.b->wanted() << " are left";
        EXPECT_EQ(pair.b->taken().size(), to_b.size());
        EXPECT_EQ(pair.a->taken().size(), to_a.size());
        EXPECT_TRUE(sorted(pair.b->taken()) == sorted(to_b));
        EXPECT_TRUE(sorted(pair.a->taken()) == sorted(to_a));
        if (weather.power_cuts == 0) {
            EXPECT_EQ(pair.a->delivered().size(), to_b.size());
        }
        EXPECT_EQ(pair.auditor.reused(), 0);
        EXPECT_GT(pair.auditor.opened(), 0);
        power_cuts += pair.a->power_cuts() + pair.b->power_cuts();
    }
    EXPECT_EQ(power_cuts > 0, weather.power_cuts > 0);
}

INSTANTIATE_TEST_SUITE_P(All, Rough,
                         testing::Values(Weather{0, false, false, 0}, Weather{0.2, false, false, 0},
                                         Weather{0.2, true, false, 0}, Weather{0.4, false, true, 0},
                                         Weather{0.6, false, false, 0}, Weather{0.6, true, true, 0},
                                         Weather{0, false, false, 0.01},
                                         Weather{0.3, false, true, 0.01}));

}  // namespace
}  // namespace waypost::trunk
