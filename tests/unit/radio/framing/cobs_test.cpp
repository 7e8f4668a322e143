// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "radio/framing/cobs_frames.h"

namespace waypost {
namespace {

using Frames = std::vector<std::string>;

std::string noise(Random& random, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(random.below(256));
    return bytes;
}

std::vector<std::string> shapes() {
    std::vector<std::string> all = {"", "+", "+++", std::string(3, '\0'), "a+b", {"\0+\0", 3}};
    const auto random = seeded_random(1);
    for (const std::size_t size : {1, 2, 251, 252, 253, 254, 255, 256, 507, 508, 509, 1024}) {
        all.push_back(noise(*random, size));
        all.emplace_back(size, '+');
        all.emplace_back(size, '\0');
        all.emplace_back(size, 'x');
    }
    return all;
}

TEST(CobsFrames, TheCheckValueOfTheCrc) { EXPECT_EQ(crc16("123456789"), 0x29B1); }

TEST(CobsFrames, TheBytesOnTheLine) {
    // 1 byte: code 4, "A" and its CRC, each XOR 2B, then the delimiter.
    EXPECT_EQ(cobs_frame("A"), (std::string{4 ^ 0x2B, 'A' ^ 0x2B, '\xB9' ^ 0x2B, 0x15 ^ 0x2B, '+'}))
        << std::hex << crc16("A");
}

TEST(CobsFrames, EveryShapeComesBackWholeAndByteByByte) {
    CobsDeframer whole;
    CobsDeframer bytewise;
    for (const std::string& bytes : shapes()) {
        const std::string line = cobs_frame(bytes);
        EXPECT_EQ(whole.feed(line), Frames{bytes});
        Frames got;
        for (const char byte : line) {
            for (auto& frame : bytewise.feed({&byte, 1})) got.push_back(frame);
        }
        EXPECT_EQ(got, Frames{bytes});
        EXPECT_FALSE(bytewise.begun());
    }
    EXPECT_EQ(whole.broken() + bytewise.broken(), 0u);
}

TEST(CobsFrames, TheDelimiterIsNowhereElseSoNothingLeavesTransparentMode) {
    std::string line;
    for (const std::string& bytes : shapes()) {
        const std::string one = cobs_frame(bytes);
        EXPECT_EQ(one.find('+'), one.size() - 1);
        EXPECT_LE(one.size(), cobs_frame_size(bytes.size()));
        line += one;
    }
    EXPECT_EQ(line.find("++"), std::string::npos);
    EXPECT_EQ(cobs_frame_size(100), 104u);
}

TEST(CobsFrames, ADamagedFrameIsCountedAndTheNextOneComes) {
    const std::string good = cobs_frame("good");
    for (std::size_t at = 0; at + 1 < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
            CobsDeframer deframer;
            EXPECT_EQ(deframer.feed(bad + good), Frames{"good"}) << at << ' ' << bit;
            EXPECT_GE(deframer.broken(), 1u);
        }
    }
}

TEST(CobsFrames, ACutFrameTakesTheNextWithItUnlessItIsGivenUp) {
    const std::string good = cobs_frame("good");
    CobsDeframer deframer;
    deframer.feed(good.substr(0, 3));
    deframer.give_up_begun();
    EXPECT_EQ(deframer.feed(good), Frames{"good"});
    EXPECT_EQ(deframer.broken(), 1u);
    deframer.feed(good.substr(0, 3));
    EXPECT_EQ(deframer.feed(good + good), Frames{"good"});
    EXPECT_EQ(deframer.broken(), 2u);
}

TEST(CobsFrames, EndlessNoiseIsOneBrokenFrame) {
    CobsDeframer deframer;
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(deframer.feed(std::string(1000, 'n')).empty());
    EXPECT_EQ(deframer.feed("+" + cobs_frame("good")), Frames{"good"});
    EXPECT_EQ(deframer.broken(), 1u);
}

TEST(CobsFrames, DelimitersAloneAreNothing) {
    CobsDeframer deframer;
    EXPECT_TRUE(deframer.feed("++++").empty());
    EXPECT_EQ(deframer.broken(), 0u);
    EXPECT_TRUE(deframer.feed("*+").empty()) << "an empty run: too short for its CRC";
    EXPECT_EQ(deframer.broken(), 1u);
}

TEST(CobsFrames, AtTheLimitAndBeyond) {
    EXPECT_NO_THROW(cobs_frame(std::string(kMostCobsFrame, 'x')));
    EXPECT_THROW(cobs_frame(std::string(kMostCobsFrame + 1, 'x')), std::logic_error);
}

}  // namespace
}  // namespace waypost
