// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

using namespace std::string_literals;

std::string packet(const Frame& frame, std::size_t body, std::size_t tag) {
    return encode_head(frame) + std::string(body, 'b') + std::string(tag, 't');
}

TEST(Frame, HeadsAreAsTheReadmeSays) {
    Frame frame;
    frame.remaining = 5;
    frame.second = true;
    frame.number = 0x1234;
    EXPECT_EQ(encode_head(frame), "\x16\x12\x34"s);
    frame.type = FrameType::Fragment;
    frame.index = 9;
    frame.epoch = true;
    EXPECT_EQ(encode_head(frame), "\x37\x12\x34\x09"s);
    frame.type = FrameType::Hold;
    EXPECT_EQ(encode_head(frame), "\xD7"s);
    frame.type = FrameType::Extension;
    frame.extension = ExtensionKind::Repair;
    frame.fragments = 8;
    EXPECT_EQ(encode_head(frame), "\xF7\x03\x12\x34\x09\x08"s);
}

TEST(Frame, EveryTypeComesBack) {
    const std::string salt(kSalt, 's');
    for (int type = 0; type < 7; ++type) {
        Frame frame;
        frame.type = static_cast<FrameType>(type);
        frame.remaining = 3;
        frame.number = 513;
        frame.index = 7;
        frame.link = 4;
        frame.salt = salt;
        const bool bare = frame.type == FrameType::Poll || frame.type == FrameType::Hold;
        const std::string bytes = packet(frame, bare ? 0 : 20, bare ? kReportTag : 8);
        const auto parsed = parse_frame(bytes);
        ASSERT_TRUE(parsed.ok()) << type;
        EXPECT_EQ(parsed->type, frame.type);
        EXPECT_EQ(parsed->remaining, 3);
        if (frame.type == FrameType::Hello) {
            EXPECT_EQ(parsed->link, 4);
            EXPECT_EQ(parsed->salt, salt);
        } else if (!bare) {
            EXPECT_EQ(parsed->number, 513);
        }
        EXPECT_EQ(std::string(parsed->head) + std::string(parsed->body) + std::string(parsed->tag),
                  bytes);
    }
}

TEST(Frame, UnknownExtensionsAreTold) {
    const auto unknown = parse_frame("\xE0\x77zzzzzzzzzz"s);
    ASSERT_FALSE(unknown.ok());
    EXPECT_EQ(unknown.error().code, Code::NotFound);
}

TEST(Frame, WhatIsCutShortIsRefused) {
    for (int type = 0; type < 8; ++type) {
        std::string bytes(1, static_cast<char>(type << 5));
        if (type == 7) bytes += '\x01';
        EXPECT_FALSE(parse_frame(bytes).ok()) << type;
    }
    EXPECT_FALSE(parse_frame("").ok());
    EXPECT_FALSE(parse_frame("\xC0tttt and more"s).ok());  // a hold has no body
}

Report full_report() {
    Report report;
    report.low = 250;
    report.waiting = true;
    report.snr_quarter = -37;
    report.held = {1, 63};
    report.gaps = {{2, 0, "\x05"s}, {3, Gaps::kWhole, ""s}};
    return report;
}

TEST(Report, ComesBackWithAnObjectBehindAndWithout) {
    for (const bool behind : {false, true}) {
        Report report = full_report();
        if (behind) report.behind = Behind{true, 0xABCD, "bytes"};
        const auto parsed = parse_report(encode_report(report));
        ASSERT_TRUE(parsed.ok());
        EXPECT_EQ(parsed->low, 250);
        EXPECT_TRUE(parsed->waiting);
        EXPECT_EQ(parsed->snr_quarter, -37);
        EXPECT_EQ(parsed->held, report.held);
        ASSERT_EQ(parsed->gaps.size(), 2U);
        EXPECT_EQ(parsed->gaps[0].map, "\x05"s);
        EXPECT_EQ(parsed->gaps[1].base, Gaps::kWhole);
        ASSERT_EQ(parsed->behind.has_value(), behind);
        if (behind) {
            EXPECT_EQ(parsed->behind->bytes, "bytes");
        }
    }
}

// Head 3, tag 4 and these: 11 bytes, which are two blocks at SF11.
TEST(Report, OfOneObjectOfNineFragmentsHasFourBytes) {
    Report report;
    report.gaps = {{0, 2, "\x2A"s}};
    EXPECT_EQ(encode_report(report).size(), 4U);
}

TEST(Report, BrokenOnesAreRefused) {
    for (const std::string& body :
         {""s, "\x01\x41"s, "\x01\x81\x02"s, "\x01\x81\x02\x09z"s, "\x01\xC0"s, "\x01\xC1z"s,
          "\x01\xFFzz"s, "\x01\x41\x01"s + std::string(33, 'm')})
        EXPECT_FALSE(parse_report(body).ok());
    std::string many(1, 'l');
    for (int i = 0; i < 100; ++i) many += "\x80\x01\x00"s;
    EXPECT_FALSE(parse_report(many).ok());
}

TEST(Hello, ComesBackAndIsChecked) {
    Hello hello;
    hello.answer = true;
    hello.features = 70'000;
    hello.next = 1'000'000;
    hello.oldest = 999'990;
    hello.low = 77;
    hello.deaf_ms = 120;
    hello.payload = 255;
    hello.speed = 3;
    hello.facts = "hashes";
    const auto parsed = parse_hello(encode_hello(hello));
    ASSERT_TRUE(parsed.ok());
    EXPECT_TRUE(parsed->answer);
    EXPECT_EQ(parsed->features, 70'000U);
    EXPECT_EQ(parsed->oldest, 999'990U);
    EXPECT_EQ(parsed->low, 77U);
    EXPECT_EQ(parsed->deaf_ms, 120U);
    EXPECT_EQ(parsed->speed, 3U);
    EXPECT_EQ(parsed->facts, "hashes");
    hello.facts = std::string(kMostFacts + 1, 'f');
    EXPECT_FALSE(parse_hello(encode_hello(hello)).ok());
    EXPECT_FALSE(parse_hello("\x01\x01\x80"s).ok());
    hello.facts.clear();
    hello.oldest = hello.next + 1;  // would be before the first
    EXPECT_FALSE(parse_hello(encode_hello(hello)).ok());
}

TEST(Bundle, ComesBackAndIsChecked) {
    const std::vector<std::string> objects = {"", "one", std::string(200, 'x')};
    const auto parsed = parse_bundle(encode_bundle(objects));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, objects);
    EXPECT_FALSE(parse_bundle("\x05"
                              "abc")
                     .ok());
    EXPECT_FALSE(parse_bundle("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F").ok());
}

TEST(Varint, HasSixtyFourBitsAndNoMore) {
    for (const std::uint64_t number : {std::uint64_t{1} << 28, UINT64_MAX}) {
        std::string bytes;
        put_varint(bytes, number);
        std::string_view rest = bytes;
        EXPECT_EQ(take_varint(rest), number);
        EXPECT_TRUE(rest.empty());
    }
    for (const std::string& bytes :
         {std::string(9, '\xFF') + '\x02', std::string(10, '\x80') + '\x01'}) {
        std::string_view in = bytes;
        EXPECT_EQ(take_varint(in), std::nullopt);
    }
}

TEST(Near, FindsTheWholeNumber) {
    EXPECT_EQ(near(0, 0xFFFF, 16), 0xFFFFU);  // nothing is before 0
    EXPECT_EQ(near(70'000, 70'000 & 0xFFFF, 16), 70'000U);
    EXPECT_EQ(near(0x1FFFE, 0x0001, 16), 0x20001U);
    EXPECT_EQ(near(0x20001, 0xFFFE, 16), 0x1FFFEU);
    EXPECT_EQ(near(300, 10, 8), 266U);
}

}  // namespace
}  // namespace waypost::trunk
