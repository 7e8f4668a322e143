// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "vectors.h"

namespace waypost::xbee {
namespace {

using Strings = std::vector<std::string>;

// The stream in pieces of the given sizes, then its end, as frames of mode 1.
Strings frames_in(ApiMode mode, const std::string& stream,
                  const std::function<std::size_t()>& size) {
    Deframer deframer(mode);
    Strings frames;
    const auto keep = [&](const Strings& bodies) {
        for (const auto& body : bodies) frames.push_back(frame(ApiMode::Plain, body));
    };
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t piece = size();
        keep(deframer.feed(std::string_view(stream).substr(at, piece)));
        at += piece;
    }
    while (deframer.begun()) keep(deframer.give_up_begun());
    return frames;
}

TEST(XbeeFraming, EveryGoldenFrameBothWaysInBothModes) {
    for (const auto& row : vectors("frames.jsonl")) {
        const std::string ap1 = bytes_of(row, "ap1");
        const std::string ap2 = bytes_of(row, "ap2");
        Deframer plain(ApiMode::Plain);
        Deframer escaped(ApiMode::Escaped);
        const Strings bodies = plain.feed(ap1);
        ASSERT_EQ(bodies.size(), 1u) << row->getValue<std::string>("name");
        EXPECT_EQ(escaped.feed(ap2), bodies);
        EXPECT_EQ(frame(ApiMode::Plain, bodies[0]), ap1);
        EXPECT_EQ(frame(ApiMode::Escaped, bodies[0]), ap2);
        EXPECT_FALSE(plain.begun() || escaped.begun());
        EXPECT_EQ(plain.broken() + escaped.broken(), 0u);
    }
}

TEST(XbeeFraming, EveryStreamWholeByteByByteAndInRandomCuts) {
    const auto random = seeded_random(5);
    for (const auto& row : vectors("streams.jsonl")) {
        SCOPED_TRACE(row->getValue<std::string>("name"));
        const std::string stream = bytes_of(row, "stream");
        const ApiMode mode = mode_of(row);
        const Strings wanted = accepted(row);
        EXPECT_EQ(frames_in(mode, stream, [&] { return stream.size(); }), wanted);
        EXPECT_EQ(frames_in(mode, stream, [] { return 1; }), wanted);
        for (int i = 0; i < 50; ++i) {
            EXPECT_EQ(frames_in(mode, stream, [&] { return 1 + random->below(9); }), wanted);
        }
    }
}

TEST(XbeeFraming, WhatIsBrokenIsCounted) {
    const std::string good = frame(ApiMode::Plain, "\x8A\x06");
    struct Case {
        ApiMode mode;
        std::string stream;
        std::uint64_t broken;
    };
    const Case cases[] = {
        {ApiMode::Plain, good, 0},
        {ApiMode::Plain, "noise OK\r" + good, 0},
        {ApiMode::Plain, good.substr(0, 5) + "\x01" + good, 1},
        {ApiMode::Plain, std::string("\x7E\0\0", 3) + good, 1},
        {ApiMode::Plain, std::string("\x7E\x02\x01", 3) + good, 1},
        {ApiMode::Escaped, good, 0},
        {ApiMode::Escaped, good.substr(0, 4) + good, 1},
        {ApiMode::Escaped, std::string("\x7E\0\0", 3) + good, 1},
    };
    for (const auto& [mode, stream, broken] : cases) {
        Deframer deframer(mode);
        EXPECT_EQ(deframer.feed(stream), Strings{"\x8A\x06"});
        EXPECT_EQ(deframer.broken(), broken) << testing::PrintToString(stream);
    }
}

TEST(XbeeFraming, ACutFrameGivenUpHidesNothingBehindIt) {
    const std::string good = frame(ApiMode::Plain, "\x8A\x06");
    Deframer deframer(ApiMode::Plain);
    EXPECT_TRUE(deframer.feed(std::string("\x7E\0\x20\x90", 4) + good).empty());
    EXPECT_EQ(deframer.give_up_begun(), Strings{"\x8A\x06"});
    EXPECT_FALSE(deframer.begun());
    EXPECT_TRUE(deframer.give_up_begun().empty());
    EXPECT_EQ(deframer.broken(), 1u);
}

TEST(XbeeFraming, MemoryIsBoundedAndEndlessStartsAreFound) {
    Deframer plain(ApiMode::Plain);
    Deframer escaped(ApiMode::Escaped);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(plain.feed(std::string(100, '\x7E')).empty());
        EXPECT_TRUE(escaped.feed(std::string(100, '\x7E')).empty());
        EXPECT_TRUE(plain.feed(std::string(600, 'x')).empty());
    }
    EXPECT_EQ(plain.feed(frame(ApiMode::Plain, "a")), Strings{"a"});
    EXPECT_EQ(escaped.feed(frame(ApiMode::Escaped, "a")), Strings{"a"});
}

TEST(XbeeFraming, ABodyThatFitsNoFrameIsABug) {
    EXPECT_THROW(frame(ApiMode::Plain, ""), std::logic_error);
    EXPECT_THROW(frame(ApiMode::Escaped, std::string(kMostBody + 1, 'x')), std::logic_error);
    EXPECT_NO_THROW(frame(ApiMode::Escaped, std::string(kMostBody, 'x')));
}

}  // namespace
}  // namespace waypost::xbee
