// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "radio/kiss/ax25.h"
#include "radio/kiss/decode_kiss.h"
#include "radio/kiss/kiss_codec.h"

namespace waypost::kiss {
namespace {

using Frames = std::vector<Frame>;

TEST(Kiss, TheBytesOnTheLine) {
    EXPECT_EQ(encode({kTxDelay, "\x1E"}), "\xC0\x01\x1E\xC0");
    EXPECT_EQ(encode({0, "\xC0\xDB"}), std::string("\xC0\0\xDB\xDC\xDB\xDD\xC0", 7));
    EXPECT_EQ(encode({0xC0, "x"}), "\xC0\xDB\xDCx\xC0") << "data of port 12";
}

TEST(Kiss, EveryByteComesBackInAnyPieces) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    for (int type = 0; type < 256; ++type) {
        const Frame frame{static_cast<std::uint8_t>(type), all};
        Parser whole(256), bytewise(256);
        EXPECT_EQ(whole.feed(encode(frame)), Frames{frame});
        Frames got;
        for (const char byte : encode(frame)) {
            for (auto& each : bytewise.feed({&byte, 1})) got.push_back(each);
        }
        EXPECT_EQ(got, Frames{frame});
    }
}

TEST(Kiss, OneFendMayEndOneFrameAndBeginTheNext) {
    Parser parser(10);
    EXPECT_EQ(parser.feed("\xC0\x05"
                          "a\xC0\x05"
                          "b\xC0\xC0\xC0"),
              (Frames{{5, "a"}, {5, "b"}}));
    EXPECT_EQ(parser.broken(), 0u);
}

TEST(Kiss, WhatIsNoFrameIsDroppedAndCounted) {
    Parser parser(10);
    EXPECT_TRUE(parser.feed("cmd: the end of something\xC0").empty());
    EXPECT_EQ(parser.broken(), 0u) << "it began before we listened";
    EXPECT_EQ(parser.feed("\x05"
                          "a\xDBz\xC0\x05"
                          "b\xC0"),
              (Frames{{5, "b"}}));
    EXPECT_EQ(parser.broken(), 1u) << "an escape of nothing";
    EXPECT_EQ(parser.feed("\x05"
                          "a\xDB\xC0\x05"
                          "b\xC0"),
              (Frames{{5, "b"}}));
    EXPECT_EQ(parser.broken(), 2u) << "an escape at the end";
    EXPECT_EQ(parser.feed("\x05"
                          "0123456789\xC0"),
              (Frames{{5, "0123456789"}}));
    for (int i = 0; i < 1000; ++i) parser.feed(std::string(1000, 'x'));
    EXPECT_EQ(parser.feed("\xC0\x05"
                          "b\xC0"),
              (Frames{{5, "b"}}));
    EXPECT_EQ(parser.broken(), 3u) << "too long";
}

TEST(Ax25, TheBytesOfAnAddress) {
    // AX.25 2.0, 2.2.13: the addresses of its worked example, K8MMO and WB4JFI; our own UI frame.
    const std::string bytes("\x96\x70\x9A\x9A\x9E\x40\xE0\xAE\x84\x68\x94\x8C\x92\x61\x03\xF0hi",
                            18);
    const auto frame = ax25::parse(bytes);
    ASSERT_TRUE(frame.ok());
    EXPECT_EQ(to_string(frame->to), "K8MMO");
    EXPECT_TRUE(frame->to.mark) << "a command";
    EXPECT_EQ(to_string(frame->from), "WB4JFI");
    EXPECT_FALSE(frame->from.mark);
    EXPECT_EQ(frame->info, "hi");
    EXPECT_EQ(ax25::encode(*frame), bytes);
}

TEST(Ax25, EveryBitComesBack) {
    ax25::UiFrame frame;
    frame.from = {"DB0ABC", 15, false, 3};
    frame.pid = 0xCC;
    for (int i = 0; i < 8; ++i) {
        frame.to = {"A", i, (i & 1) != 0, i & 3};
        frame.poll = i > 3;
        frame.info.assign(static_cast<std::size_t>(i) * 36, static_cast<char>(0xC0 + i));
        const auto back = ax25::parse(ax25::encode(frame));
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(*back, frame);
        frame.via.push_back({"W1AW", i, (i & 1) != 0, 3});
    }
    frame.via.resize(9, frame.to);
    EXPECT_THROW(ax25::encode(frame), std::logic_error);
}

TEST(Ax25, BadFramesSayWhatIsWrong) {
    const std::string good("\x96\x70\x9A\x9A\x9E\x40\xE0\xAE\x84\x68\x94\x8C\x92\x61\x03\xF0", 16);
    for (std::size_t n = 0; n < good.size(); ++n)
        EXPECT_FALSE(ax25::parse(good.substr(0, n)).ok()) << n;
    const auto with = [&](std::size_t at, unsigned value) {
        std::string bad = good;
        bad[at] = static_cast<char>(value);
        return ax25::parse(bad);
    };
    EXPECT_FALSE(with(0, 0x40).ok()) << "a space first";
    EXPECT_FALSE(with(0, 'a' << 1).ok()) << "a small letter";
    EXPECT_FALSE(with(1, 0x71).ok()) << "an end inside a call sign";
    EXPECT_FALSE(with(6, 0xE1).ok()) << "no sender";
    EXPECT_FALSE(with(13, 0x60).ok()) << "addresses without an end";
    EXPECT_NE(with(14, 0x3F).error().text.find("connection"), std::string::npos) << "SABM";
    EXPECT_TRUE(with(14, 0x13).ok()) << "with the poll bit";
    EXPECT_FALSE(ax25::parse(good + std::string(ax25::kMostFrame, 'x')).ok());
    std::string nine = good.substr(0, 13) + '\x60';
    for (int i = 0; i < 9; ++i) nine += good.substr(0, 6) + (i < 8 ? '\x60' : '\x61');
    EXPECT_NE(ax25::parse(nine + "\x03\xF0").error().text.find("8 repeaters"), std::string::npos);
}

TEST(Ax25, AddressesAsPeopleWriteThem) {
    EXPECT_EQ(*ax25::parse_address("db0abc-7"), (ax25::Address{"DB0ABC", 7, false, 3}));
    EXPECT_EQ(to_string(*ax25::parse_address("DB0ABC-0")), "DB0ABC");
    for (const char* bad : {"", "-7", "DB0ABC-", "DB0ABC-16", "DB0ABC--1", "DB0ABC-1x", "DB0ABCD",
                            "DB0 BC", "DB0ABC-007", "D\xC3\xA4"})
        EXPECT_FALSE(ax25::parse_address(bad).ok()) << bad;
}

TEST(DecodeKiss, ALineForEachFrame) {
    ax25::UiFrame ui{{"QST", 0, true, 3},    {"DB0ABC", 7, false, 3},
                     {{"W1AW", 0, true, 3}}, false,
                     ax25::kNoLayer3,        "a\x01\\"};
    const std::string line = encode({kTxDelay, "\x1E"}) + encode({0x10, ax25::encode(ui)}) +
                             encode({0, "x"}) + encode({0xFF, ""}) + "\xDBz\xC0";
    EXPECT_EQ(decode_kiss(line),
              "port 0 txdelay 30\n"
              "port 1 DB0ABC-7>QST,W1AW* pid F0, 3 bytes: a\\x01\\x5C\n"
              "port 0 this AX.25 frame is cut short\n"
              "leave KISS\n"
              "1 broken frames\n");
    EXPECT_EQ(decode_kiss("no KISS at all"), "");
}

}  // namespace
}  // namespace waypost::kiss
