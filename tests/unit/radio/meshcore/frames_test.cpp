// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/frames.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "radio/meshcore/address.h"

namespace waypost::meshcore {
namespace {

using Payloads = std::vector<std::string>;

TEST(MeshcoreFrames, AFrameHasItsLengthLittleEndian) {
    EXPECT_EQ(frame(Direction::ToRadio, "\x16\x03"), std::string("<\x02\x00\x16\x03", 5));
    EXPECT_EQ(frame(Direction::FromRadio, std::string(170, 'x')).substr(0, 3),
              std::string(">\xAA\x00", 3));
}

TEST(MeshcoreFrames, WhatCannotBeAFrameIsABugOfOurs) {
    EXPECT_THROW(frame(Direction::ToRadio, ""), std::logic_error);
    EXPECT_THROW(frame(Direction::ToRadio, std::string(177, 'x')), std::logic_error);
}

TEST(MeshcoreFrames, FramesComeOutWholeHoweverTheyAreCut) {
    const std::string bytes =
        frame(Direction::FromRadio, "one") + frame(Direction::FromRadio, "two");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        FrameParser parser(Direction::FromRadio);
        Payloads all = parser.feed(bytes.substr(0, cut));
        for (auto& each : parser.feed(bytes.substr(cut))) all.push_back(each);
        EXPECT_EQ(all, (Payloads{"one", "two"})) << cut;
        EXPECT_EQ(parser.skipped(), 0u);
    }
}

TEST(MeshcoreFrames, BootTextAndTheOtherDirectionAreSkipped) {
    FrameParser parser(Direction::FromRadio);
    const std::string noise = "ESP-ROM: boot\r\n" + frame(Direction::ToRadio, "echo");
    EXPECT_EQ(parser.feed(noise + frame(Direction::FromRadio, "hi")), Payloads{"hi"});
    EXPECT_EQ(parser.skipped(), noise.size());
}

TEST(MeshcoreFrames, ALengthBeyondTheLimitOrOfNothingStartsNoFrame) {
    FrameParser parser(Direction::FromRadio);
    EXPECT_TRUE(parser.feed(std::string(">\xB1\x00", 3)).empty());  // 177
    EXPECT_FALSE(parser.begun());
    EXPECT_TRUE(parser.feed(std::string(">\x00\x00", 3)).empty());
    EXPECT_FALSE(parser.begun());
    EXPECT_EQ(parser.feed(frame(Direction::FromRadio, "ok")), Payloads{"ok"});
}

TEST(MeshcoreFrames, AStartByChanceHoldsUpNothingForLong) {
    FrameParser parser(Direction::FromRadio);
    EXPECT_TRUE(
        parser.feed(std::string(">\x64\x00", 3) + frame(Direction::FromRadio, "in it")).empty());
    EXPECT_TRUE(parser.begun());
    EXPECT_EQ(parser.give_up_begun(), Payloads{"in it"});
    EXPECT_FALSE(parser.begun());
}

TEST(MeshcoreAddress, RadiosRoomsAndNamesAreReadBack) {
    const std::string key = "\xa1\xb2\xc3\xd4\xe5\xf6 and more";
    EXPECT_EQ(radio_address(key), "!a1b2c3d4e5f6");
    EXPECT_EQ(room_address(key), "room-a1b2c3d4e5f6");
    EXPECT_EQ(name_address("Ana B"), "~ana_b");
    EXPECT_EQ(parse_target("!a1b2c3d4e5f6")->prefix, key.substr(0, 6));
    EXPECT_EQ(parse_target("room-a1b2c3d4e5f6")->kind, Target::Kind::Room);
    EXPECT_EQ(parse_target("~ana_b")->kind, Target::Kind::Name);
    for (const char* bad : {"", "!", "~", "!a1b2c3d4", "!A1B2C3D4E5F6", "a1b2c3d4e5f6",
                            "!a1b2c3d4e5f6f7", "room-", "!a1b2c3d4e5g6"})
        EXPECT_FALSE(parse_target(bad)) << bad;
}

TEST(MeshcoreAddress, AWireIdHasItsTime) {
    const std::string id = wire_id_of("!a1b2c3d4e5f6", 0x68f0a1b2);
    EXPECT_EQ(id, "a1b2c3d4e5f6.68f0a1b2");
    EXPECT_EQ(time_in(id), 0x68f0a1b2u);
    for (const char* bad : {"", ".", "a1b2c3d4e5f6", "x.68f0a1", "x.68f0a1b2b2", "x.zzzzzzzz"})
        EXPECT_FALSE(time_in(bad)) << bad;
}

}  // namespace
}  // namespace waypost::meshcore
