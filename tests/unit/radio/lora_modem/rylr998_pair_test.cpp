// SPDX-License-Identifier: Apache-2.0
#include "pair_bench.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/lora_modem/rylr998/payload.h"
#include "radio/simulator/lora_modem/rylr998_device.h"

namespace waypost::lora_modem {
namespace {

using simulator::FrameAir;
using simulator::Rylr998Device;
using simulator::Rylr998Options;

ModemSettings fast(const std::string& payload, int address) {
    ModemSettings settings;
    settings.frequency_hz = 869'525'000;
    settings.lora = {.spreading_factor = 7, .bandwidth_hz = 500'000, .preamble_symbols = 8};
    settings.more = {{"payload", payload}, {"address", std::to_string(address)}};
    return settings;
}

PairBench::MakeDevice device(Rylr998Options options = {}) {
    return [options](FrameAir& air, Random& random) {
        return std::make_unique<Rylr998Device>(air, random, options);
    };
}

PairBench pair(const std::string& payload, Rylr998Options options = {},
               simulator::FrameAirOptions air = {}) {
    return {rylr998::kind(), fast(payload, 1), fast(payload, 2), device(options), air};
}

TEST(Rylr998Pair, EveryFrameInTurnsComesThroughAsTextAndAsItIs) {
    for (const char* payload : {"text", "binary"}) {
        auto bench = pair(payload, {.early_ok = payload[0] == 't'});
        ASSERT_TRUE(bench.ready()) << bench[0].line->why_down();
        bench.take_turns(100, bench[0].line->radio().limits().payload);
        EXPECT_EQ(PairBench::heard_in_order(bench[0], bench[1]), 100u);
        EXPECT_EQ(PairBench::heard_in_order(bench[1], bench[0]), 100u);
        EXPECT_EQ(how_many(bench[0], FrameFate::Sent), 100);
        EXPECT_EQ(bench[0].heard.back().from, "2");
        EXPECT_EQ(bench[0].heard.back().rssi_dbm, -90);
        EXPECT_EQ(bench[0].heard.back().snr_db, 6.0F);
    }
}

TEST(Rylr998Pair, UnderLossAndDamageEachFrameIsReportedOnceAndNoneInvented) {
    auto bench = pair("binary", {}, {.loss = {.rate = 0.2}, .damaged = 0.1});
    ASSERT_TRUE(bench.ready());
    bench.talk_at_will(100, 100);
    for (std::size_t i : {0u, 1u}) {
        EXPECT_GT(PairBench::heard_in_order(bench[i], bench[1 - i]), 10u);
        EXPECT_EQ(how_many(bench[i], FrameFate::Sent), 100);
        EXPECT_GT(bench[i].broken, 0);
    }
}

TEST(Rylr998Pair, TextPassesFirmwareThatIsNotBinarySafe) {
    auto bench = pair("text", {.binary_safe = false});
    ASSERT_TRUE(bench.ready());
    bench.take_turns(50, rylr998::kMostText);
    EXPECT_EQ(PairBench::heard_in_order(bench[0], bench[1]), 50u);
    EXPECT_EQ(PairBench::heard_in_order(bench[1], bench[0]), 50u);
}

TEST(Rylr998Pair, BinaryOnFirmwareThatIsNotBinarySafeBecomesText) {
    auto bench = pair("binary", {.binary_safe = false});
    ASSERT_TRUE(bench.ready());
    bench.take_turns(50, rylr998::kMostText);
    EXPECT_EQ(bench[0].line->radio().limits().payload, rylr998::kMostText);
    EXPECT_GT(PairBench::heard_in_order(bench[1], bench[0]), 40u);
    EXPECT_GE(how_many(bench[0], FrameFate::Failed), 1);
    EXPECT_GT(how_many(bench[0], FrameFate::Sent), 40);
}

TEST(Rylr998Pair, AFrameToOneIsHeardByItAlone) {
    auto bench = pair("text");
    ASSERT_TRUE(bench.ready());
    bench.send(bench[0], "for you", "2");
    bench.pause(milliseconds(1'000));
    bench.send(bench[0], "for another", "3");
    bench.pause(milliseconds(1'000));
    ASSERT_EQ(bench[1].heard.size(), 1u);
    EXPECT_EQ(bench[1].heard[0].bytes, "for you");
    EXPECT_EQ(bench[1].heard[0].from, "1");
}

TEST(Rylr998Pair, SettingsAreWrittenOnceAndAResetIsSurvived) {
    auto bench = pair("text");
    ASSERT_TRUE(bench.ready());
    auto& sim = static_cast<Rylr998Device&>(*bench[0].device);
    const int writes = sim.writes();
    EXPECT_EQ(sim.settings().at("PARAMETER"), "7,9,1,8");
    sim.reset(bench.clock.box());
    bench.pause(milliseconds(100));
    EXPECT_FALSE(bench[0].line->ready());
    ASSERT_TRUE(bench.ready());
    EXPECT_EQ(sim.writes(), writes) << "its flash memory wears";
    bench.take_turns(1, 50);
    EXPECT_EQ(bench[1].heard.size(), 1u);
}

}  // namespace
}  // namespace waypost::lora_modem
