// SPDX-License-Identifier: Apache-2.0
#include "pair_bench.h"
#include "radio/lora_modem/e22/driver.h"
#include "radio/simulator/lora_modem/e22_device.h"

namespace waypost::lora_modem {
namespace {

using simulator::E22Device;
using simulator::E22Options;
using simulator::FrameAir;

ModemSettings fast() {
    ModemSettings settings;
    settings.frequency_hz = 868'125'000;
    settings.network = 9;
    settings.more["air_rate"] = "19.2";
    return settings;
}

PairBench::MakeDevice device(E22Options options) {
    return [options](FrameAir& air, Random& random) {
        return std::make_unique<E22Device>(air, random, options);
    };
}

E22Device& sim(Station& station) { return static_cast<E22Device&>(*station.device); }

TEST(E22Pair, IsSetUpByCommandAndEveryFrameInTurnsComesThrough) {
    PairBench bench(e22::kind(), fast(), fast(), device({.software_switch = true}));
    ASSERT_TRUE(bench.ready()) << bench[0].line->why_down();
    EXPECT_FALSE(sim(bench[0]).configuring());
    EXPECT_EQ(sim(bench[0]).registers()[5], 18);
    EXPECT_EQ(sim(bench[0]).registers()[2], 9);
    EXPECT_EQ(bench[0].line->radio().details().at("model"), "E22");
    const std::size_t longest = bench[0].line->radio().limits().payload;
    bench.take_turns(100, longest);
    EXPECT_EQ(PairBench::heard_in_order(bench[0], bench[1]), 100u);
    EXPECT_EQ(PairBench::heard_in_order(bench[1], bench[0]), 100u);
    EXPECT_EQ(sim(bench[0]).packets(), 100u) << "one packet a frame";
    EXPECT_EQ(bench[0].heard.back().rssi_dbm, -90);
    EXPECT_EQ(how_many(bench[0], FrameFate::Sent), 100);
    for (const std::size_t size : {std::size_t{1}, longest})
        EXPECT_GT(bench[0].line->radio().airtime(size), sim(bench[0]).airtime(size + 5));
    sim(bench[0]).power_off();
    EXPECT_EQ(sim(bench[0]).registers()[5], 0x17) << "nothing was kept";
}

TEST(E22Pair, UnderLossAndStutterEachFrameIsReportedOnceAndNoneInvented) {
    PairBench bench(e22::kind(), fast(), fast(),
                    device({.software_switch = true, .stutter_percent = 30}),
                    {.loss = {.rate = 0.1}, .damaged = 0.1});
    ASSERT_TRUE(bench.ready());
    bench.talk_at_will(100, 100);
    for (std::size_t i : {0u, 1u}) {
        EXPECT_GT(PairBench::heard_in_order(bench[i], bench[1 - i]), 5u);
        EXPECT_EQ(how_many(bench[i], FrameFate::Sent), 100);
        EXPECT_GT(bench[i].broken, 0);
    }
}

TEST(E22Pair, FramesThatTheLineTearsInTwoAreWholeAgainWhereTheAirIsSlowerThanTheLine) {
    ModemSettings slow = fast();
    slow.more["air_rate"] = "1.2";
    PairBench bench(e22::kind(), slow, slow,
                    device({.software_switch = true, .stutter_percent = 100}));
    ASSERT_TRUE(bench.ready());
    bench.take_turns(20, 100);
    EXPECT_GT(sim(bench[0]).packets(), 30u);
    EXPECT_GE(PairBench::heard_in_order(bench[1], bench[0]), 18u);
    EXPECT_GE(PairBench::heard_in_order(bench[0], bench[1]), 18u);
}

TEST(E22Pair, AnOldModuleIsReadyWhenItsSwitchIsBack) {
    PairBench bench(e22::kind(), fast(), fast(), device({}));
    bench.pause(milliseconds(5'000));
    EXPECT_NE(bench[0].line->why_down().find("back to transmission"), std::string::npos);
    for (std::size_t i : {0u, 1u}) sim(bench[i]).set_switch(false);
    ASSERT_TRUE(bench.ready());
    bench.take_turns(2, 50);
    EXPECT_EQ(bench[1].heard.size(), 2u);
}

TEST(E22Pair, InTransmissionModeWithoutCommandsItIsTakenAsItIsOrNotAtAll) {
    PairBench bench(e22::kind(), fast(), fast(), device({.configuration = false}));
    bench.pause(milliseconds(60'000));
    EXPECT_FALSE(bench[0].line->ready());
    EXPECT_LE(sim(bench[0]).packets(), 3u) << "each question is on air";
    ModemSettings settings;
    settings.more = {{"configured", "yes"}, {"rssi", "no"}};
    PairBench as_it_is(e22::kind(), settings, settings, device({.configuration = false}));
    ASSERT_TRUE(as_it_is.ready());
    as_it_is.take_turns(3, 50);
    EXPECT_EQ(as_it_is[1].heard.size(), 3u);
}

TEST(E22Pair, AModuleThatRefusesAllIsSaid) {
    PairBench bench(e22::kind(), fast(), fast(), device({.deaf_registers = true}));
    bench.pause(milliseconds(5'000));
    EXPECT_NE(bench[0].line->why_down().find("no answer in configuration mode"), std::string::npos);
}

}  // namespace
}  // namespace waypost::lora_modem
