// SPDX-License-Identifier: Apache-2.0
// What follows from a module's own words.
#include "radio/xbee/module.h"

#include <gtest/gtest.h>

#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

Module module(std::map<std::string, std::uint64_t> numbers) {
    Module out;
    for (const auto& [name, number] : numbers) out.values[name] = value_of(number);
    return out;
}

TEST(XbeeModule, RatesByFamily) {
    struct Case {
        std::uint64_t hardware, br;
        std::uint32_t rate;
        bool keeps_law;
    };
    const Case cases[] = {
        {0x4542, 0, 10'000, true},   {0x4542, 1, 80'000, true},   {0x2400, 1, 80'000, true},
        {0x3E00, 1, 110'000, false}, {0x3100, 2, 250'000, false}, {0x2300, 1, 200'000, false},
        {0x9900, 1, 10'000, false},  {0x4542, 9, 80'000, true},
    };
    for (const auto& [hardware, br, rate, keeps_law] : cases) {
        const Module one = module({{"HV", hardware}, {"BR", br}});
        EXPECT_EQ(one.rate(), rate) << std::hex << hardware;
        EXPECT_EQ(one.keeps_law(), keeps_law) << std::hex << hardware;
    }
    EXPECT_EQ(Module().rate(), 10'000u) << "one that says nothing is taken for the slowest";
}

TEST(XbeeModule, HowLongAStatusMayTake) {
    // User guide of the SX 868: broadcast (BH or NH) * NN * %8; known route 2 * NH * MR * %H, a
    // route to be found one broadcast and NH * %H more.
    const Module one =
        module({{"NH", 2}, {"BH", 0}, {"NN", 3}, {"MR", 1}, {"%H", 100}, {"%8", 50}});
    EXPECT_EQ(one.broadcast_wait().count(), 2 * 3 * 50);
    EXPECT_EQ(one.unicast_wait(false).count(), 300 + 2 * 100 + 2 * 2 * 1 * 100);
    EXPECT_EQ(one.unicast_wait(true).count(), 200);
    Module fewer = one;
    fewer.values["BH"] = value_of(1);
    EXPECT_EQ(fewer.broadcast_wait().count(), 1 * 3 * 50);
    EXPECT_EQ(Module().unicast_wait(false).count(), 10'000) << "not known";
    const Module absurd = module({{"NH", 255}, {"%H", 0xFFFFFFFFFFFF}, {"%8", 0xFFFFFFFF}});
    EXPECT_LE(absurd.unicast_wait(false), std::chrono::minutes(5));
    EXPECT_LE(absurd.broadcast_wait(), std::chrono::minutes(5));
}

TEST(XbeeModule, AddressAndPayload) {
    const Module one = module({{"SH", 0x0013A200}, {"SL", 0x41AEB54E}, {"NP", 0x100}});
    EXPECT_EQ(one.address(), "0013a20041aeb54e");
    EXPECT_EQ(one.payload(), 256u);
    EXPECT_EQ(module({{"NP", 0xFFFF}}).payload(), 256u) << "more than any module takes";
    EXPECT_EQ(Module().payload(), 0u);
}

TEST(AtValue, NumbersAndHex) {
    EXPECT_EQ(value_of(0), std::string(1, '\0'));
    EXPECT_EQ(value_of(0x1234), "\x12\x34");
    EXPECT_EQ(number_of("\x12\x34"), 0x1234u);
    EXPECT_TRUE(same_value(std::string("\0\0\1", 3), "\1"));
    EXPECT_TRUE(same_value(std::string(4, '\0'), ""));
    EXPECT_FALSE(same_value("\1", "\2"));
    EXPECT_EQ(value_from_hex("13A20"), "\x01\x3A\x20");
    EXPECT_EQ(value_from_hex(""), "");
    EXPECT_FALSE(value_from_hex("1g"));
    EXPECT_EQ(parse_address("0013A20041aeb54e"), 0x0013A20041AEB54Eu);
    for (const char* bad :
         {"", "13a2", "0013A20041aeb54", "0013A20041aeb54ef", "0013A20041aeb54x"}) {
        EXPECT_FALSE(parse_address(bad)) << bad;
    }
}

}  // namespace
}  // namespace waypost::xbee
