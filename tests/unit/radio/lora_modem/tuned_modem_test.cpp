// SPDX-License-Identifier: Apache-2.0
// Modems that run are set to another speed, and go on.
#include "radio/tuned_modem.h"

#include "pair_bench.h"
#include "radio/lora_modem/rn2483/driver.h"
#include "radio/simulator/lora_modem/rn2483_device.h"

namespace waypost::lora_modem {
namespace {

using simulator::Rn2483Device;

// As PairBench::ready(), where what was inside a terminal as its line closed is never taken out.
bool ready_again(PairBench& bench) {
    const BoxTime end = bench.clock.box() + milliseconds(20'000);
    BoxTime last{};
    int held = 0;
    while (!(bench[0].line->ready() && bench[1].line->ready()) && bench.clock.box() < end) {
        bench.turn();
        held = bench.clock.box() == last ? held + 1 : 0;
        last = bench.clock.box();
        if (held < 200) continue;
        for (std::size_t i : {0u, 1u}) bench[i].tap = {bench[i].pty.written(), bench[i].pty.read()};
    }
    return bench[0].line->ready() && bench[1].line->ready();
}

TEST(TunedModem, AnotherSpeedIsSetAndReadBackAndFramesGoOn) {
    ModemSettings settings;
    settings.frequency_hz = 869'525'000;
    settings.lora = {.spreading_factor = 11, .bandwidth_hz = 250'000, .preamble_symbols = 8};
    settings.network = 0x34;
    std::vector<TunedModem*> modems;
    ModemKind kind = rn2483::kind();
    kind.make = [&modems](const ModemSettings& s, Random& random) {
        auto modem = std::make_unique<TunedModem>(rn2483::kind().make, s, random);
        modems.push_back(modem.get());
        return modem;
    };
    PairBench bench(kind, settings, settings, [](simulator::FrameAir& air, Random& random) {
        return std::make_unique<Rn2483Device>(air, random);
    });
    ASSERT_TRUE(bench.ready());
    const auto slow = modems[0]->airtime(100);
    LoraParams fast = settings.lora;
    fast.spreading_factor = 7;
    for (TunedModem* modem : modems) {
        modem->tune(fast);
        EXPECT_FALSE(modem->ready());
        EXPECT_EQ(modem->room(), 0);
    }
    const BoxTime began = bench.clock.box();
    ASSERT_TRUE(ready_again(bench)) << bench[0].line->why_down();
    EXPECT_LT(bench.clock.box() - began, milliseconds(4'000));
    for (std::size_t i : {0u, 1u}) {
        const auto& device = static_cast<const Rn2483Device&>(*bench[i].device);
        EXPECT_EQ(device.settings().at("sf"), "sf7");
        EXPECT_FALSE(modems[i]->tuning());
    }
    EXPECT_LT(modems[0]->airtime(100) * 6, slow);
    bench.take_turns(5, 100);
    EXPECT_EQ(PairBench::heard_in_order(bench[0], bench[1]), 5u);
    EXPECT_EQ(PairBench::heard_in_order(bench[1], bench[0]), 5u);
}

}  // namespace
}  // namespace waypost::lora_modem
