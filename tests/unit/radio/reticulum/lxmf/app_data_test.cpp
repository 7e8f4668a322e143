// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/app_data.h"

#include <gtest/gtest.h>

#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

TEST(LxmfAppData, EveryAgeOfItIsRead) {
    const auto of_hex = [](const char* hex) { return read_delivery_app_data(bytes_of_hex(hex)); };
    // What LXMF 1.1.1 sends, of the specification, section 4.3.
    DeliveryAppData data = of_hex("93c40a5265746963756c756d35c09100");
    EXPECT_EQ(data.name, "Reticulum5");
    EXPECT_FALSE(data.stamp_cost);
    EXPECT_TRUE(data.compression);
    // Two elements, of the announces' vectors.
    data = of_hex("92c409416c6963655465737400");
    EXPECT_EQ(data.name, "AliceTest");
    EXPECT_FALSE(data.stamp_cost);
    EXPECT_TRUE(data.compression);
    data = of_hex("92a3416e610c");
    EXPECT_EQ(data.name, "Ana");
    EXPECT_EQ(data.stamp_cost, 12);
    EXPECT_FALSE(of_hex("93c403416e610c90").compression);
    EXPECT_TRUE(of_hex("93c403416e610cc0").compression);
    EXPECT_EQ(of_hex("91c403416e61").name, "Ana");
    EXPECT_EQ(read_delivery_app_data("Ana at the ford").name, "Ana at the ford");
    EXPECT_EQ(read_delivery_app_data("").name, "");
}

TEST(LxmfAppData, WhatMakesNoSenseIsNotSaid) {
    for (const char* hex :
         {"93", "92c4ff41", "dcffff", "9f", "90", "91c0", "9101", "92c0a3616263"}) {
        const DeliveryAppData data = read_delivery_app_data(bytes_of_hex(hex));
        EXPECT_EQ(data.name, "") << hex;
        EXPECT_FALSE(data.stamp_cost) << hex;
    }
    EXPECT_FALSE(read_delivery_app_data(bytes_of_hex("92c40141ccff")).stamp_cost);
    EXPECT_FALSE(read_delivery_app_data(bytes_of_hex("92c40141ff")).stamp_cost);
    EXPECT_EQ(read_delivery_app_data("a\x01\nb").name.find('\n'), std::string::npos);
    EXPECT_LE(read_delivery_app_data(std::string(400, 'x')).name.size(), kMostDisplayName);
}

TEST(LxmfAppData, OursIsWhatTheReferenceProgramSends) {
    DeliveryAppData data;
    data.name = "Reticulum5";
    EXPECT_EQ(delivery_app_data(data), bytes_of_hex("93c40a5265746963756c756d35c09100"));
    data.stamp_cost = 8;
    data.compression = false;
    const DeliveryAppData read = read_delivery_app_data(delivery_app_data(data));
    EXPECT_EQ(read.name, data.name);
    EXPECT_EQ(read.stamp_cost, 8);
    EXPECT_FALSE(read.compression);
}

}  // namespace
}  // namespace waypost::reticulum
