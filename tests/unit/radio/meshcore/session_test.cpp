// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

namespace waypost::meshcore {
namespace {

using Kind = Outcome::Kind;
using std::chrono::minutes;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

constexpr std::uint32_t kTime = 1'800'000'100;

TEST(MeshcoreSession, ItKnowsTheDeviceBeforeItIsUp) {
    Bench bench;
    EXPECT_EQ(bench.session.why_down(), "no connection to the device");
    bench.open();
    EXPECT_EQ(bench.session.why_down(), "waiting for the device to tell about itself");
    bench.run(seconds(10));
    EXPECT_TRUE(bench.session.ready());
    EXPECT_EQ(bench.session.why_down(), "");
    EXPECT_EQ(bench.session.self().name, "post");
    EXPECT_EQ(bench.session.device().most_contacts, 100);
    EXPECT_EQ(bench.session.contacts(), 2u);
    EXPECT_EQ(bench.session.band(), "EU868 869.4-869.65");
    EXPECT_EQ(bench.learned.size(), 2u);
    EXPECT_EQ(bench.reopens, 0);
}

// As one that was found by itself, where no region is set.
TEST(MeshcoreSession, WithoutARegionItHearsAndSendsNothing) {
    SessionOptions options = fast_options();
    options.region.clear();
    Bench bench(small_village(), options);
    bench.open();
    bench.run(minutes(5));
    EXPECT_NE(bench.session.why_down().find("set region in [box]"), std::string::npos);
    EXPECT_EQ(bench.adverts, 0);
    bench.world.line("ana: SOS");
    bench.run(minutes(1));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].text, "SOS");
}

TEST(MeshcoreSession, AClockThatIsVouchedForIsSet) {
    Bench sure, unsure;
    for (Bench* each : {&sure, &unsure}) each->world.node("post").set_clock(1000);
    unsure.clock.is_synchronised = false;
    sure.open_and_run();
    unsure.open_and_run();
    EXPECT_GT(sure.world.node("post").now(), 1'800'000'000u);
    EXPECT_LT(unsure.world.node("post").now(), 2000u);
}

TEST(MeshcoreSession, TheWholeMeshHearsOfItOnceADay) {
    Bench bench;
    bench.open_and_run();
    EXPECT_EQ(bench.adverts, 1);
    bench.close();
    bench.open();
    bench.run(minutes(30));
    EXPECT_EQ(bench.adverts, 1);
    bench.run(std::chrono::hours(24));
    EXPECT_EQ(bench.adverts, 2);
}

TEST(MeshcoreSession, ATextComesWithTheKeyThatOpenedIt) {
    Bench bench;
    bench.open_and_run();
    bench.world.line("ana: bob@x.org das Auto steht à la digue");
    bench.run(seconds(20));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].from, bench.address("ana"));
    EXPECT_EQ(bench.texts[0].key, bench.key("ana"));
    EXPECT_EQ(bench.texts[0].name, "ana");
    EXPECT_EQ(bench.texts[0].text, "bob@x.org das Auto steht à la digue");
    EXPECT_TRUE(bench.texts[0].direct);
    EXPECT_EQ(bench.on_screen("ana", "tick").size(), 1u);
    ASSERT_FALSE(bench.heard.empty());
    EXPECT_EQ(bench.heard[0].second.public_key, bench.key("ana"));
    EXPECT_EQ(bench.heard[0].second.key, Heard::Key::Proven);
}

TEST(MeshcoreSession, TheNextMessageStaysInTheDeviceUntilThisOneIsOnDisk) {
    Bench bench;
    bench.open_and_run();
    bench.decides = false;
    bench.world.line("ana: one");
    bench.run(seconds(20));
    bench.world.line("ana: two");
    bench.run(seconds(4));
    ASSERT_EQ(bench.texts.size(), 1u);
    bench.take(bench.session.decided(true, bench.now()));
    bench.run(seconds(2));
    ASSERT_EQ(bench.texts.size(), 2u);
    EXPECT_EQ(bench.texts[1].text, "two");
}

TEST(MeshcoreSession, WhatTheOfficeCannotTakeYetIsGivenAgain) {
    Bench bench;
    bench.open_and_run();
    bench.decides = false;
    bench.world.line("ana: one");
    bench.run(seconds(10));
    ASSERT_EQ(bench.texts.size(), 1u);
    bench.take(bench.session.decided(false, bench.now()));
    bench.run(seconds(10));
    ASSERT_EQ(bench.texts.size(), 2u);
    EXPECT_EQ(bench.texts[1].text, "one");
    // The line's end does not end that.
    bench.close();
    bench.take(bench.session.decided(false, bench.now()));
    bench.run(seconds(10));
    EXPECT_EQ(bench.texts.size(), 3u);
}

TEST(MeshcoreSession, ATextOfOursIsAcknowledgedByWhoGotIt) {
    Bench bench;
    bench.open_and_run();
    bench.heard.clear();
    bench.send(bench.letter(bench.address("ana"), "1 bob: grüße", kTime));
    bench.run(seconds(20));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"1 bob: grüße"});
    ASSERT_EQ(bench.heard.size(), 1u);
    EXPECT_EQ(bench.heard[0].first, bench.address("ana"));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);
    EXPECT_EQ(bench.outcomes[0].second.proof, ProofClass::Reported);
    EXPECT_EQ(bench.outcomes[0].second.privacy, Privacy::InClear);
    EXPECT_GT(bench.outcomes[0].second.airtime, milliseconds(100));
    EXPECT_EQ(bench.session.ledger().used(bench.now()), bench.session.ledger().total());
}

TEST(MeshcoreSession, RepeatsHaveTheSameTimeAndTheNextNumber) {
    Bench bench;
    bench.open_and_run();
    bench.world.line("post deaf ana");  // her acks are lost
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    bench.run(minutes(3));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"hi"});
    EXPECT_EQ(bench.on_screen("ana", "copy").size(), 2u);  // under one time: her app knows them
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Unknown);
    const auto once = bench.outcomes[0].second.airtime / 3;
    EXPECT_GT(once, milliseconds(100));
}

TEST(MeshcoreSession, AnAckOfAnyTryCountsAndALateOneToo) {
    Bench bench;
    bench.open_and_run();
    bench.world.line("ana off");
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    bench.run(seconds(5));
    bench.world.line("ana on");
    bench.run(seconds(40));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);

    // The device says so when the attempt is long over.
    std::string push(1, static_cast<char>(kPushDelivered));
    bench.world.line("post deaf ana");
    bench.send(bench.letter(bench.address("ana"), "again", kTime + 1));
    bench.run(minutes(3));
    ASSERT_EQ(bench.outcomes.size(), 2u);
    EXPECT_EQ(bench.outcomes[1].second.kind, Kind::Unknown);
    const PlainText plain{kTime + 1, kPlain, 0, {}, "again"};
    put32(push, ack_of(text_bytes(plain, 1), bench.key("post")));
    put32(push, 99'000);
    bench.take(bench.session.received(frame(Direction::FromRadio, push), bench.now()));
    ASSERT_EQ(bench.proofs.size(), 1u);
    EXPECT_EQ(bench.proofs[0].first, wire_id_of(bench.address("ana"), kTime + 1));
    EXPECT_EQ(bench.proofs[0].second.kind, Proof::Kind::Delivered);
}

TEST(MeshcoreSession, BeforeTheLastTryTheWayIsForgotten) {
    VillageOfRadios village = small_village();
    VillageRadio hill;
    hill.name = "hill";
    hill.kind = VillageRadio::Kind::Repeater;
    village.radios.push_back(hill);
    Bench bench(village);
    bench.world.line("ana deaf post");
    bench.world.line("post deaf ana");
    bench.open_and_run();
    bench.send(bench.letter(bench.address("ana"), "over the hill", kTime));
    bench.run(seconds(40));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);
    const Contact* way = bench.world.node("post").contact(bench.key("ana"));
    EXPECT_EQ(way->path_length, 1);
    // Somebody repeated it: seen, and not the same as delivered.
    ASSERT_FALSE(bench.proofs.empty());
    EXPECT_EQ(bench.proofs[0].second.kind, Proof::Kind::Relayed);
    EXPECT_EQ(bench.proofs[0].second.proof, ProofClass::Observed);

    bench.world.line("hill off");
    bench.world.line("ana hears post");
    bench.world.line("post hears ana");
    bench.send(bench.letter(bench.address("ana"), "straight", kTime + 1));
    bench.run(minutes(2));
    ASSERT_EQ(bench.outcomes.size(), 2u);
    EXPECT_EQ(bench.outcomes[1].second.kind, Kind::Delivered);
    EXPECT_EQ(bench.on_screen("ana"), (Texts{"over the hill", "straight"}));
}

TEST(MeshcoreSession, ARepeatOfHersIsOneText) {
    Bench bench;
    bench.open_and_run();
    bench.world.line("ana deaf post");  // she gets no acks
    bench.world.line("ana: SOS");
    bench.run(minutes(3));
    EXPECT_EQ(bench.on_screen("ana", "failed").size(), 1u);
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].text, "SOS");
}

TEST(MeshcoreSession, OnAChannelTheNameIsAWordAndNoProof) {
    Bench bench;
    bench.open_and_run();
    bench.world.line("ana>all: SOS car in the ford");
    bench.run(seconds(20));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].from, "~ana");
    EXPECT_EQ(bench.texts[0].text, "SOS car in the ford");
    EXPECT_EQ(bench.texts[0].name, "Public");
    EXPECT_FALSE(bench.texts[0].direct);
    EXPECT_TRUE(bench.texts[0].key.empty());
    // An answer goes to who has that name, if one alone has.
    bench.send(bench.letter("~ana", "ALARM 1: 2 people told", kTime));
    bench.run(seconds(20));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"ALARM 1: 2 people told"});
    bench.send(bench.letter("~nobody", "hi", kTime + 1));
    ASSERT_EQ(bench.outcomes.size(), 2u);
    EXPECT_EQ(bench.outcomes[1].second.kind, Kind::Failed);
}

TEST(MeshcoreSession, AnAlarmGoesBeforeWhatWaits) {
    Bench bench;
    bench.open_and_run();
    for (std::uint32_t i = 0; i < 3; ++i)
        bench.send(bench.letter(bench.address("ana"), "letter " + std::to_string(i), kTime + i));
    Outgoing alarm = bench.letter(bench.address("ana"), "ALARM", kTime + 9);
    alarm.alarm = true;
    bench.send(alarm);
    bench.run(minutes(2));
    const auto shown = bench.on_screen("ana");
    ASSERT_EQ(shown.size(), 4u);
    EXPECT_LE(std::find(shown.begin(), shown.end(), "ALARM") - shown.begin(), 1);
    EXPECT_EQ(shown.back(), "letter 2");
}

TEST(MeshcoreSession, NoMoreAirtimeThanTheLawLeaves) {
    SessionOptions options = fast_options();
    options.share_percent = 2;  // of 360 s
    Bench bench(small_village(), options);
    bench.open_and_run();
    for (std::uint32_t i = 0; i < 40; ++i)
        bench.send(bench.letter(bench.address("ana"), std::string(100, 'x'), kTime + i));
    bench.run(minutes(10));
    EXPECT_LE(bench.session.ledger().used(bench.now()), milliseconds(7200));
    ASSERT_EQ(bench.outcomes.size(), 40u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);
    const Outcome& last = bench.outcomes.back().second;
    EXPECT_EQ(last.kind, Kind::NotTried);
    EXPECT_EQ(last.code, kNoAirtime);
    ASSERT_TRUE(last.retry_after);
    EXPECT_GT(*last.retry_after, seconds(60));
    // What was not sent is not counted as if it might be.
    Outgoing alarm = bench.letter(bench.address("ana"), "ALARM", kTime + 99);
    alarm.alarm = true;
    bench.send(alarm);
    bench.run(seconds(30));
    EXPECT_EQ(bench.on_screen("ana").back(), "ALARM");
}

TEST(MeshcoreSession, WhatTheDeviceSendsByItselfCountsForTheLaw) {
    Bench bench;
    bench.open_and_run();
    for (int i = 0; i < 30; ++i) bench.world.node("post").advertise(true);  // by its owner's hand
    bench.run(minutes(6));
    const auto all = bench.session.ledger().all_used(bench.now());
    EXPECT_GE(all, seconds(10));
    EXPECT_LT(bench.session.ledger().used(bench.now()), seconds(2));
}

TEST(MeshcoreSession, OutsideOfItsRegionsBandsItSendsNothing) {
    VillageOfRadios village = small_village();
    village.frequency_khz = 869'300;  // alarms' alone
    Bench bench(village);
    bench.open_and_run();
    EXPECT_NE(bench.session.why_down().find("not allowed in EU868"), std::string::npos);
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    bench.run(seconds(20));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::NotTried);
    EXPECT_EQ(bench.adverts, 0);
    EXPECT_TRUE(bench.on_screen("ana").empty());
    // Its region's rules for power and bandwidth are its owner's affair, and are told.
    village.frequency_khz = 910'525;
    SessionOptions options = fast_options();
    options.region = "US915";
    Bench us(village, options);
    us.open_and_run();
    EXPECT_EQ(us.session.why_down(), "");
    EXPECT_FALSE(us.session.not_lawful().empty());
}

TEST(MeshcoreSession, TextsBeyondThePacketAreRefused) {
    Bench bench;
    bench.open_and_run();
    std::string umlauts;
    for (int i = 0; i < 80; ++i) umlauts += "ü";  // 160 bytes
    bench.send(bench.letter(bench.address("ana"), umlauts, kTime));
    bench.send(bench.letter(bench.address("ana"), umlauts + "x", kTime + 1));
    Outgoing again = bench.letter(bench.address("ana"), umlauts, kTime + 2);
    again.first_try = 3;  // its number needs two bytes of the text's room
    bench.send(again);
    bench.run(minutes(1));
    EXPECT_EQ(bench.on_screen("ana"), Texts{umlauts});
    int failed = 0;
    for (const auto& [attempt, outcome] : bench.outcomes)
        failed += outcome.kind == Kind::Failed ? 1 : 0;
    EXPECT_EQ(failed, 2);
}

TEST(MeshcoreSession, ATryBeyondTheFourthIsStillTheSameText) {
    Bench bench;
    bench.open_and_run();
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    bench.run(seconds(20));
    Outgoing again = bench.letter(bench.address("ana"), "hi", kTime);
    again.first_try = 3;
    bench.send(again);
    bench.run(seconds(20));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"hi"});
    EXPECT_EQ(bench.on_screen("ana", "copy").size(), 1u);
    EXPECT_EQ(bench.outcomes.size(), 2u);
}

}  // namespace
}  // namespace waypost::meshcore
