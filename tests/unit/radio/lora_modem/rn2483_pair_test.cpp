// SPDX-License-Identifier: Apache-2.0
#include "pair_bench.h"
#include "radio/lora_modem/rn2483/driver.h"
#include "radio/simulator/lora_modem/rn2483_device.h"

namespace waypost::lora_modem {
namespace {

using simulator::FrameAir;
using simulator::Rn2483Device;
using simulator::Rn2483Options;

ModemSettings fast() {
    ModemSettings settings;
    settings.frequency_hz = 869'525'000;
    settings.lora = {.spreading_factor = 7, .bandwidth_hz = 500'000, .preamble_symbols = 8};
    settings.network = 0x34;
    return settings;
}

PairBench::MakeDevice device(Rn2483Options options = {}) {
    return [options](FrameAir& air, Random& random) {
        return std::make_unique<Rn2483Device>(air, random, options);
    };
}

const Rn2483Device& sim(Station& station) {
    return static_cast<const Rn2483Device&>(*station.device);
}

TEST(Rn2483Pair, IsSetUpAndEveryFrameInTurnsComesThrough) {
    PairBench bench(rn2483::kind(), fast(), fast(), device());
    ASSERT_TRUE(bench.ready()) << bench[0].line->why_down();
    EXPECT_EQ(sim(bench[0]).settings().at("freq"), "869525000");
    EXPECT_EQ(sim(bench[0]).settings().at("sf"), "sf7");
    EXPECT_TRUE(sim(bench[0]).paused());
    EXPECT_EQ(bench[0].line->radio().details().at("model"), "RN2483");
    bench.take_turns(100, rn2483::kMostPayload);
    EXPECT_EQ(PairBench::heard_in_order(bench[0], bench[1]), 100u);
    EXPECT_EQ(PairBench::heard_in_order(bench[1], bench[0]), 100u);
    EXPECT_EQ(how_many(bench[0], FrameFate::Sent), 100);
    EXPECT_EQ(sim(bench[0]).missed() + sim(bench[1]).missed(), 0u);
    EXPECT_EQ(bench[0].heard.back().rssi_dbm, -90);
    EXPECT_EQ(bench[0].heard.back().snr_db, 6.0F);
}

TEST(Rn2483Pair, UnderLossAndDamageEachFrameIsReportedOnceAndNoneInvented) {
    simulator::FrameAirOptions air{.loss = {.rate = 0.2}, .damaged = 0.1};
    PairBench bench(rn2483::kind(), fast(), fast(),
                    device({.stray_percent = 20, .busy_percent = 10}), air);
    ASSERT_TRUE(bench.ready());
    bench.take_turns(100, rn2483::kMostPayload);
    for (std::size_t i : {0u, 1u}) {
        const std::size_t heard = PairBench::heard_in_order(bench[i], bench[1 - i]);
        EXPECT_GT(heard, 50u);
        EXPECT_LT(heard, 90u);
        EXPECT_EQ(bench[i].reports.size(), 100u);
        EXPECT_EQ(how_many(bench[i], FrameFate::Sent), 100);
        EXPECT_GT(bench[i].broken, 0) << "a packet with a bad CRC is the sign of a near link";
    }
}

TEST(Rn2483Pair, WhoTalksAtWillCollidesAndEachFrameIsReportedOnce) {
    PairBench bench(rn2483::kind(), fast(), fast(), device({.stray_percent = 20}),
                    {.loss = {.rate = 0.1}});
    ASSERT_TRUE(bench.ready());
    bench.talk_at_will(100, 60);
    for (std::size_t i : {0u, 1u}) {
        EXPECT_EQ(bench[i].reports.size(), 100u);
        EXPECT_GT(PairBench::heard_in_order(bench[i], bench[1 - i]), 10u);
    }
}

TEST(Rn2483Pair, WhoLeavesNoGapIsNotHeard) {
    PairBench bench(rn2483::kind(), fast(), fast(), device());
    ASSERT_TRUE(bench.ready());
    for (int i = 0; i < 10; ++i) {
        const auto id = bench.send(bench[0], bench.noise(i % 2 == 0 ? 255 : 1));
        ASSERT_TRUE(
            bench.run([&] { return bench[0].reports.count(id) != 0; }, milliseconds(5'000)));
        bench.run([&] { return bench[0].line->radio().room() > 0; }, milliseconds(100));
    }
    bench.pause(milliseconds(1'000));
    EXPECT_EQ(bench[1].heard.size() + sim(bench[1]).missed(), 10u);
    EXPECT_GT(sim(bench[1]).missed(), 3u);
}

TEST(Rn2483Pair, AModuleThatIsResetIsSetUpAgainAndTheFrameInHandFails) {
    PairBench bench(rn2483::kind(), fast(), fast(), device());
    ASSERT_TRUE(bench.ready());
    const auto id = bench.send(bench[0], bench.noise(200));
    bench.pause(milliseconds(100));
    static_cast<Rn2483Device&>(*bench[0].device).reset(bench.clock.box());
    ASSERT_TRUE(bench.run([&] { return bench[0].reports.count(id) != 0; }, milliseconds(5'000)));
    EXPECT_EQ(bench[0].reports.at(id), FrameFate::Failed);
    ASSERT_TRUE(bench.ready());
    EXPECT_EQ(sim(bench[0]).settings().at("sf"), "sf7");
    const std::size_t before = bench[1].heard.size();
    bench.take_turns(2, 50);
    EXPECT_EQ(bench[1].heard.size(), before + 2);
}

TEST(Rn2483Pair, TheAmericanModuleHasItsOwnBandAndReset) {
    ModemSettings us = fast();
    us.frequency_hz = 915'000'000;
    us.power_dbm = 20;
    PairBench bench(rn2483::kind(), us, us,
                    device({.version = "RN2903 1.0.5 Nov 06 2018 10:45:27"}));
    ASSERT_TRUE(bench.ready()) << bench[0].line->why_down();
    bench.take_turns(2, 50);
    EXPECT_EQ(bench[1].heard.size(), 2u);
}

TEST(Rn2483Pair, WhatTheModuleCannotDoIsSaid) {
    ModemSettings us = fast();
    us.frequency_hz = 915'000'000;
    PairBench wrong(rn2483::kind(), us, us, device());
    wrong.pause(milliseconds(3'000));
    EXPECT_EQ(wrong[0].line->why_down(), "RN2483 cannot send on 915000000 Hz");
    PairBench old(rn2483::kind(), fast(), fast(), device({.has_rxstop = false}));
    old.pause(milliseconds(3'000));
    EXPECT_NE(old[0].line->why_down().find("it needs firmware 1.0.5"), std::string::npos);
}

}  // namespace
}  // namespace waypost::lora_modem
