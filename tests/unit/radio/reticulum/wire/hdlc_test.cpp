// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/hdlc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::reticulum {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ReticulumHdlc, AFrameHasItsTwoSpecialBytesEscaped) {
    EXPECT_EQ(hdlc_frame("a\x7E\x7D z"),
              "\x7E"
              "a\x7D\x5E\x7D\x5D z\x7E");
}

TEST(ReticulumHdlc, EveryByteComesBackHoweverTheStreamIsCut) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    const std::string stream = hdlc_frame(all) + hdlc_frame("second");
    for (std::size_t step = 1; step < stream.size(); ++step) {
        HdlcParser parser;
        std::vector<std::string> frames;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            for (auto& frame : parser.feed(stream.substr(at, step))) frames.push_back(frame);
        }
        ASSERT_THAT(frames, ElementsAre(all, "second")) << step;
        EXPECT_EQ(parser.broken(), 0u);
    }
}

TEST(ReticulumHdlc, OneFlagMayEndAFrameAndBeginTheNext) {
    HdlcParser parser;
    EXPECT_THAT(parser.feed("noise\x7Eone\x7Etwo\x7E\x7E\x7E"), ElementsAre("one", "two"));
    EXPECT_EQ(parser.broken(), 0u);
}

TEST(ReticulumHdlc, AWrongEscapeCostsItsFrameAndNoOther) {
    HdlcParser parser;
    EXPECT_THAT(parser.feed("\x7E"
                            "bad\x7D"
                            "A\x7Egood\x7E"),
                ElementsAre("good"));
    EXPECT_EQ(parser.broken(), 1u);
    EXPECT_THAT(parser.feed("cut\x7D\x7Egood\x7E"), ElementsAre("good"));
    EXPECT_EQ(parser.broken(), 2u);
}

TEST(ReticulumHdlc, WhatIsTooLongIsPassedOver) {
    HdlcParser parser(4);
    EXPECT_THAT(parser.feed("\x7E" + std::string(4, 'a') + "\x7E" + std::string(5, 'b') + "\x7E"),
                ElementsAre("aaaa"));
    EXPECT_THAT(parser.feed(std::string(1'000'000, 'c')), IsEmpty());
    EXPECT_THAT(parser.feed("\x7Eok\x7E"), ElementsAre("ok"));
    EXPECT_EQ(parser.broken(), 2u);
}

}  // namespace
}  // namespace waypost::reticulum
