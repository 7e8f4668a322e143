// SPDX-License-Identifier: Apache-2.0
// Devices that are silent, late, full, away or out of their mind.
#include "bench.h"

namespace waypost::meshcore {
namespace {

using Kind = Outcome::Kind;
using std::chrono::minutes;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

constexpr std::uint32_t kTime = 1'800'000'100;

// Answers what the test says; time stands still until told.
class Scripted {
  public:
    Scripted() : clock(scheduler), session(fast_options(), clock) {}

    std::vector<std::string> asked(const Actions& actions) {
        FrameParser parser(Direction::ToRadio);
        return parser.feed(actions.write);
    }
    Actions say(const std::string& payload) {
        return session.received(frame(Direction::FromRadio, payload), clock.box());
    }
    Actions wait(milliseconds time) {
        scheduler.run_until(scheduler.now() + time);
        return session.tick(clock.box());
    }
    // Up to Ready; what it asks then.
    Actions shake_hands(std::size_t contacts = 0) {
        session.opened(clock.box());
        say(std::string("\x0d\x08\x32\x08", 4) + std::string(4, '\0') + std::string(72, 'v'));
        std::string self = std::string("\x05\x01\x16\x16", 4) + std::string(32, 'P') +
                           std::string(8, '\0') + std::string(4, '\0');
        put32(self, 869'618);
        put32(self, 62'500);
        say(self + "\x08\x05Post");
        say(std::string(1, kOk));
        std::string start(1, kContactsStart);
        put32(start, static_cast<std::uint32_t>(contacts));
        say(start);
        for (std::size_t i = 0; i < contacts; ++i) say(contact(static_cast<char>('a' + i)));
        std::string end(1, kContactsEnd);
        put32(end, 7);
        say(end);
        return say({static_cast<char>(kError), static_cast<char>(kNotFound)});
    }
    static std::string contact(char letter) {
        Contact known;
        known.key = std::string(32, letter);
        known.name = std::string("Node ") + letter;
        std::string payload = add_contact(known);
        payload[0] = kContact;
        put32(payload, 5);
        return payload;
    }
    Outgoing letter(char to, std::uint32_t time) {
        Outgoing out;
        out.attempt = {++attempts, 1};
        out.to = radio_address(std::string(32, to));
        out.time = time;
        out.wire_id = wire_id_of(out.to, time);
        out.text = "hi";
        return out;
    }
    Actions no_stats() { return say({static_cast<char>(kError), static_cast<char>(kUnsupported)}); }
    // Answers the first advert, that there are no statistics, and the empty queue.
    void settle() {
        say(std::string(1, kOk));
        no_stats();
        say(std::string(1, kNoMoreMessages));
    }

    Scheduler scheduler;
    VillageClock clock;
    Session session;
    DeliveryId attempts = 0;
};

std::string sent_reply(std::uint32_t ack) {
    std::string out{static_cast<char>(kSent), '\x01'};
    put32(out, ack);
    put32(out, 8000);
    return out;
}

TEST(MeshcoreTrouble, OneCommandAtATime) {
    Scripted radio;
    const auto first = radio.asked(radio.session.opened(radio.clock.box()));
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0], device_query());
    const auto next = radio.asked(
        radio.say(std::string("\x0d\x01", 2) + std::string(6, '\0') + "19 Feb 2025 T3"));
    ASSERT_EQ(next.size(), 1u);
    EXPECT_EQ(next[0][0], kAppStart);
}

TEST(MeshcoreTrouble, ADeviceThatSaysNothingIsOpenedAgain) {
    Scripted radio;
    radio.session.opened(radio.clock.box());
    // It may be booting: it is asked three times.
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(radio.asked(radio.wait(seconds(6))), std::vector{device_query()});
    EXPECT_TRUE(radio.wait(seconds(6)).reopen);
    EXPECT_FALSE(radio.session.ready());

    Scripted later;
    later.shake_hands();
    later.settle();
    ASSERT_TRUE(later.session.ready());
    EXPECT_EQ(later.asked(later.wait(seconds(61))).at(0), next_message());
    EXPECT_FALSE(later.wait(seconds(6)).reopen);
    EXPECT_TRUE(later.wait(seconds(6)).reopen);
}

TEST(MeshcoreTrouble, ALateReplyAnswersNothingElse) {
    Scripted radio;
    radio.shake_hands(1);
    radio.settle();
    radio.session.send(radio.letter('a', kTime), radio.clock.box());
    radio.wait(seconds(6));  // given up, and tried again
    EXPECT_TRUE(radio.say(std::string(1, kNoMoreMessages)).outcomes.empty());
    const auto actions = radio.say(sent_reply(77));
    EXPECT_TRUE(actions.outcomes.empty());
    std::string push(1, static_cast<char>(kPushDelivered));
    put32(push, 77);
    put32(push, 1000);
    ASSERT_EQ(radio.say(push).outcomes.size(), 1u);
}

TEST(MeshcoreTrouble, AMessageThatComesLateIsNotLost) {
    Scripted radio;
    radio.shake_hands(1);
    radio.say(std::string(1, kOk));
    radio.no_stats();
    radio.wait(seconds(6));  // nobody answered 0A
    std::string text = std::string("\x10\x14\0\0", 4) + "aaaaaa" + std::string("\xff\0", 2);
    put32(text, 5);
    const auto actions = radio.say(text + "SOS");
    ASSERT_TRUE(actions.text);
    EXPECT_EQ(actions.text->text, "SOS");
    // A second one that the device gives unasked waits for the first.
    EXPECT_FALSE(radio.say(text + "and more").text);
    const auto next = radio.session.decided(true, radio.clock.box());
    ASSERT_TRUE(next.text);
    EXPECT_EQ(next.text->text, "and more");
}

TEST(MeshcoreTrouble, ADeviceWithoutRoomIsAskedAgainAndThenLater) {
    Scripted radio;
    radio.shake_hands(1);
    radio.settle();
    radio.session.send(radio.letter('a', kTime), radio.clock.box());
    const std::string full{static_cast<char>(kError), static_cast<char>(kTableFull)};
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    for (int i = 0; i < 6 && outcomes.empty(); ++i) {
        outcomes = radio.say(full).outcomes;
        radio.wait(seconds(4));
    }
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].second.kind, Kind::Retry);
    EXPECT_EQ(outcomes[0].second.code, "error 3");
    EXPECT_EQ(radio.session.ledger().used(radio.clock.box()).count() > 0, true);  // the advert
}

TEST(MeshcoreTrouble, WhatWasWrittenWhenTheLineWentIsInDoubtAndTheRestIsNot) {
    Scripted radio;
    radio.shake_hands(3);
    radio.settle();
    for (int i = 0; i < 3; ++i) {
        radio.session.send(radio.letter(static_cast<char>('a' + i), kTime), radio.clock.box());
        radio.scheduler.run_until(radio.clock.box() + seconds(2));
    }
    Actions gone = radio.session.closed(radio.clock.box());
    EXPECT_TRUE(gone.changed);
    for (const auto& [attempt, outcome] : gone.outcomes) EXPECT_EQ(outcome.kind, Kind::NotTried);
    EXPECT_EQ(gone.outcomes.size(), 2u);
    const Actions late = radio.wait(seconds(30));
    ASSERT_EQ(late.outcomes.size(), 1u);
    EXPECT_EQ(late.outcomes[0].second.kind, Kind::Unknown);
    EXPECT_EQ(late.outcomes[0].first.delivery, 1);
    const Actions none = radio.session.send(radio.letter('a', kTime + 1), radio.clock.box());
    ASSERT_EQ(none.outcomes.size(), 1u);
    EXPECT_EQ(none.outcomes[0].second.code, "line");
}

TEST(MeshcoreTrouble, OfADeviceThatWentForGoodAllIsGivenBack) {
    Scripted radio;
    radio.shake_hands(1);
    radio.settle();
    radio.session.send(radio.letter('a', kTime), radio.clock.box());
    radio.say(sent_reply(5));
    radio.session.send(radio.letter('a', kTime + 1), radio.clock.box());
    const Actions all = radio.session.give_back(radio.clock.box());
    EXPECT_EQ(all.outcomes.size(), 2u);
}

TEST(MeshcoreTrouble, AMessageOfNobodyKnownIsKeptAllTheSame) {
    Scripted radio;
    radio.shake_hands(0);
    radio.say(std::string(1, kOk));
    radio.no_stats();
    std::string text = std::string("\x10\x14\0\0", 4) + "zzzzzz" + std::string("\xff\0", 2);
    put32(text, 5);
    const auto asked = radio.asked(radio.say(text + "hello"));
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0][0], kGetContacts);  // who might that be?
    std::string end(1, kContactsEnd);
    put32(end, 9);
    const auto actions = radio.say(end);
    ASSERT_TRUE(actions.text);
    EXPECT_EQ(actions.text->from, radio_address("zzzzzz"));
    EXPECT_TRUE(actions.text->key.empty());
}

TEST(MeshcoreTrouble, WhatItCannotReadIsFetchedAndPassedOver) {
    Scripted radio;
    radio.shake_hands(1);
    radio.say(std::string(1, kOk));
    radio.no_stats();
    for (int i = 0; i < 5; ++i) {
        const auto asked = radio.asked(radio.say("\x1B channel data"));
        ASSERT_EQ(asked.size(), 1u);
        EXPECT_EQ(asked[0], next_message());
    }
    EXPECT_TRUE(radio.asked(radio.say(std::string(1, kNoMoreMessages))).empty());
    EXPECT_FALSE(radio.wait(seconds(6)).reopen);
}

TEST(MeshcoreTrouble, WhileTheOfficeThinksNothingSpins) {
    Bench bench;
    bench.open_and_run();
    bench.decides = false;
    bench.world.line("ana: one");
    bench.run(seconds(10));
    ASSERT_EQ(bench.texts.size(), 1u);
    bench.run(minutes(5));
    EXPECT_GE(bench.session.next_tick() - bench.now(), seconds(1));
    EXPECT_EQ(bench.reopens, 0);
}

TEST(MeshcoreTrouble, RepeatersAndCommandLinesAreNoLetters) {
    Bench bench;
    Contact hill;
    hill.key = std::string(32, 'h');
    hill.type = kRepeater;
    bench.world.node("post").add(hill);
    bench.open_and_run();
    std::string text = std::string("\x10\x14\0\0", 4) + "hhhhhh" + std::string("\xff\0", 2);
    put32(text, 5);
    bench.take(bench.session.received(frame(Direction::FromRadio, text + "uptime 5"), bench.now()));
    std::string cli =
        std::string("\x10\x14\0\0", 4) + bench.key("ana").substr(0, 6) + std::string("\xff\x01", 2);
    put32(cli, 6);
    bench.take(bench.session.received(frame(Direction::FromRadio, cli + "reboot"), bench.now()));
    bench.run(seconds(5));
    EXPECT_TRUE(bench.texts.empty());
}

TEST(MeshcoreTrouble, ADeviceThatBootedIsAskedAnew) {
    Bench bench;
    bench.open_and_run();
    bench.run(minutes(2));
    bench.world.line("post reboot");
    EXPECT_LT(bench.world.node("post").now(), 1000u);
    bench.run(seconds(10));
    EXPECT_TRUE(bench.session.ready());
    EXPECT_GT(bench.world.node("post").now(), 1'800'000'000u);
    bench.world.line("ana: there?");
    bench.run(seconds(20));
    ASSERT_EQ(bench.texts.size(), 1u);
}

TEST(MeshcoreTrouble, UnpluggedAndBackWhatWaitedInTheRadioComes) {
    Bench bench;
    bench.open_and_run();
    bench.close();
    bench.world.line("ana: while you were away");
    bench.run(seconds(20));
    EXPECT_TRUE(bench.texts.empty());
    bench.open_and_run();
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].text, "while you were away");
}

TEST(MeshcoreTrouble, WhateverADeviceSaysItStaysAlive) {
    Bench bench;
    bench.open_and_run();
    for (int code = 0; code < 256; ++code) {
        for (const std::size_t size : {0u, 1u, 7u, 40u, 170u}) {
            const std::string payload =
                static_cast<char>(code) + std::string(size, static_cast<char>(0x80 + code % 100));
            bench.take(bench.session.received(frame(Direction::FromRadio, payload), bench.now()));
            if (bench.has_text) bench.take(bench.session.decided(true, bench.now()));
            bench.has_text = false;
        }
    }
    bench.run(minutes(1));
    bench.close();
    bench.open_and_run();
    bench.send(bench.letter(bench.address("ana"), "still there", kTime));
    bench.run(seconds(30));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"still there"});
}

}  // namespace
}  // namespace waypost::meshcore
