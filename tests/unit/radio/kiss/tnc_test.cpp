// SPDX-License-Identifier: Apache-2.0
#include "radio/kiss/tnc.h"

#include <gtest/gtest.h>

namespace waypost::kiss {
namespace {

std::string data(const std::string& bytes, std::uint8_t type = kData) {
    return encode({type, bytes});
}

TEST(Tnc, AFrameOfTheHostIsARadioFrameAsItIs) {
    Tnc tnc(255);
    const std::string odd("\xC0\xDB\0x", 4);
    const std::string line = data(odd) + data("second");
    tnc.from_host(line.substr(0, 3));
    EXPECT_FALSE(tnc.next_frame());
    tnc.from_host(line.substr(3));
    EXPECT_EQ(tnc.next_frame(), odd);
    EXPECT_EQ(tnc.next_frame(), "second");
    EXPECT_FALSE(tnc.next_frame());
    Parser host(255);
    EXPECT_EQ(host.feed(Tnc::to_host(odd)), (std::vector<Frame>{{kData, odd}}));
}

TEST(Tnc, WhatIsAPacketRadiosOwnIsPassedOver) {
    Tnc tnc(255);
    tnc.from_host(data("\x32", kTxDelay) + data("\x40", kPersistence) + data("", 0xFF) +
                  data("x", kSetHardware) + data(""));
    EXPECT_FALSE(tnc.waiting());
    EXPECT_EQ(tnc.dropped(), 0U);
}

TEST(Tnc, TooLongOtherPortsAndBrokenFramesAreCounted) {
    Tnc tnc(10);
    tnc.from_host(data(std::string(11, 'x')) + data("port 1", 0x10) + "\xC0\x01\xDB\x01\xC0");
    EXPECT_EQ(tnc.too_long(), 1U);
    EXPECT_EQ(tnc.dropped(), 1U);
    EXPECT_EQ(tnc.broken(), 1U);
    EXPECT_FALSE(tnc.waiting());
    tnc.set_most_frame(11);
    tnc.from_host(data(std::string(11, 'x')));
    EXPECT_TRUE(tnc.waiting());
}

TEST(Tnc, AFullOneSaysSoAndIsBounded) {
    Tnc tnc(255);
    for (std::size_t i = 0; i < Tnc::kMostWaiting; ++i) {
        EXPECT_FALSE(tnc.full());
        tnc.from_host(data("frame"));
    }
    EXPECT_TRUE(tnc.full());
    for (int i = 0; i < 1000; ++i) tnc.from_host(data("frame"));
    std::size_t frames = 0;
    while (tnc.next_frame()) ++frames;
    EXPECT_LE(frames, 4 * Tnc::kMostWaiting);
    EXPECT_EQ(frames + tnc.dropped(), Tnc::kMostWaiting + 1000);
}

}  // namespace
}  // namespace waypost::kiss
