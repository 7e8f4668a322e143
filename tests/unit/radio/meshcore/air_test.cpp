// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <stdexcept>

#include "gateway/base/encoding.h"
#include "radio/meshcore/air_seal.h"

namespace waypost::meshcore {
namespace {

std::string bytes(const std::string& hex) { return from_hex(hex).value(); }
Identity identity(char seed) { return identity_from_seed(std::string(32, seed)); }

// A packet that MeshCore's own tools decode as it stands here.
const char kPublicText[] =
    "15001141ca5aa3df8786912cd056762e6250b49ea1c95f23c92749a8027822aff4c77ba921";

TEST(MeshcoreAir, APacketOfThePublicChannelIsReadAndMadeAgain) {
    const auto packet = parse_packet(bytes(kPublicText));
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(packet->type, PacketType::GroupText);
    EXPECT_EQ(packet->route, Route::Flood);
    const auto group = parse_group(packet->payload);
    ASSERT_TRUE(group.ok());
    EXPECT_EQ(group->channel, channel_hash(public_channel_secret()));
    const auto plain = open_sealed(public_channel_secret(), group->sealed);
    ASSERT_TRUE(plain);
    const auto text = parse_text(*plain);
    ASSERT_TRUE(text.ok());
    EXPECT_EQ(text->text, "Mairie: marché à 9h 🐟");
    EXPECT_EQ(text->time, 1'700'000'000u);

    AirPacket made;
    made.type = PacketType::GroupText;
    made.payload = group_payload(
        {group->channel, seal(public_channel_secret(), text_bytes(*text, text->attempt))});
    EXPECT_EQ(to_hex(packet_bytes(made)), kPublicText);
}

TEST(MeshcoreAir, BothEndsOfATextHaveOneSecretAndNobodyElse) {
    const Identity ana = identity('a'), post = identity('p'), eve = identity('e');
    const auto ours = shared_secret(ana, post.key);
    ASSERT_TRUE(ours);
    EXPECT_EQ(ours, shared_secret(post, ana.key));
    EXPECT_NE(ours, shared_secret(eve, post.key));
    const std::string sealed =
        seal(*ours, text_bytes({1'700'000'000, 0, 0, {}, "SOS à la digue"}, 0));
    const auto opened = open_sealed(*shared_secret(post, ana.key), sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(parse_text(*opened)->text, "SOS à la digue");
    EXPECT_FALSE(open_sealed(*shared_secret(eve, post.key), sealed));
    std::string changed = sealed;
    changed[5] = static_cast<char>(changed[5] ^ 1);
    EXPECT_FALSE(open_sealed(*ours, changed));
    EXPECT_FALSE(open_sealed(*ours, sealed.substr(0, sealed.size() - 1)));
    EXPECT_FALSE(open_sealed(*ours, ""));
    EXPECT_FALSE(shared_secret(ana, "short"));
    EXPECT_FALSE(shared_secret(ana, std::string(32, '\xff')));
}

TEST(MeshcoreAir, EachTryHasAnAckOfItsOwn) {
    const PlainText text{1'700'000'000, 0, 0, {}, "hi"};
    const std::string key = identity('a').key;
    const auto first = ack_of(text_bytes(text, 0), key);
    EXPECT_NE(first, ack_of(text_bytes(text, 1), key));
    EXPECT_NE(first, ack_of(text_bytes(text, 0), identity('b').key));
    EXPECT_EQ(parse_ack(ack_payload(first)), first);
    EXPECT_FALSE(parse_ack("abc"));
}

TEST(MeshcoreAir, ATryBeyondTheFourthHidesBehindTheText) {
    const PlainText text{5, 0, 0, {}, "hi"};
    const std::string plain = text_bytes(text, 6);
    EXPECT_EQ(plain.size(), 5u + 2 + 2);
    const auto back = parse_text(plain + std::string(7, '\0'));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->text, "hi");
    EXPECT_EQ(back->attempt, 2);
}

TEST(MeshcoreAir, AnAdvertIsSignedByItsKey) {
    Advert advert;
    advert.time = 9;
    advert.type = kRoom;
    advert.name = "Clubhaus";
    advert.place = {47'100'000, -11'000'000};
    sign_advert(advert, identity('r'));
    auto back = parse_advert(advert_payload(advert));
    ASSERT_TRUE(back.ok());
    EXPECT_TRUE(is_genuine(*back));
    EXPECT_EQ(back->name, "Clubhaus");
    EXPECT_EQ(back->type, kRoom);
    EXPECT_EQ(back->place->second, -11'000'000);
    back->time = 10;
    EXPECT_FALSE(is_genuine(*back));
    std::string other = advert_payload(advert);
    other.back() = 'S';
    EXPECT_FALSE(is_genuine(*parse_advert(other)));
}

TEST(MeshcoreAir, WhatIsNoPacketIsRefusedWithAReason) {
    EXPECT_FALSE(parse_packet("").ok());
    EXPECT_FALSE(parse_packet("\x15").ok());
    EXPECT_FALSE(parse_packet(std::string("\x15\x00", 2)).ok());         // no payload
    EXPECT_FALSE(parse_packet(std::string("\x15\x3fxxxx", 6)).ok());     // a path longer than it is
    EXPECT_FALSE(parse_packet("\x15\x61" + std::string(80, 'x')).ok());  // 33 hops of 2 bytes
    EXPECT_FALSE(parse_packet("\x15\xC1xxxx").ok());                     // hops of 4 bytes
    EXPECT_FALSE(parse_packet(std::string("\x14\x01\x02\x03", 4)).ok());  // codes cut short
    EXPECT_FALSE(parse_packet(std::string("\x15\x00", 2) + std::string(185, 'x')).ok());
    EXPECT_FALSE(parse_packet(std::string(256, '\x15')).ok());
    const auto short_one = parse_packet("\x15");
    EXPECT_NE(short_one.error().text.find("cut short"), std::string::npos);
}

TEST(MeshcoreAir, WhatIsInAPayloadIsBoundToo) {
    EXPECT_FALSE(parse_sealed("ab").ok());
    EXPECT_FALSE(parse_sealed("ab" + std::string(17, 'x')).ok());  // no whole block
    EXPECT_TRUE(parse_sealed("ab" + std::string(18, 'x')).ok());
    EXPECT_FALSE(parse_group("a" + std::string(33, 'x')).ok());
    EXPECT_FALSE(parse_text("1234").ok());
    EXPECT_FALSE(parse_text(std::string("1234\x08x", 6)).ok());  // a post without its author
    const std::string head(32 + 4 + 64, 'k');
    EXPECT_FALSE(parse_advert(head).ok());
    EXPECT_FALSE(parse_advert(head + "\x11xxx").ok());  // half a place
    EXPECT_FALSE(parse_advert(head + '\x81' + std::string(32, 'n')).ok());
    EXPECT_TRUE(parse_advert(head + '\x81' + std::string(31, 'n')).ok());
}

TEST(MeshcoreAir, APacketBeyondTheLimitsIsABugOfOurs) {
    AirPacket packet;
    EXPECT_THROW(packet_bytes(packet), std::logic_error);
    packet.payload = std::string(185, 'x');
    EXPECT_THROW(packet_bytes(packet), std::logic_error);
    packet.payload = "x";
    packet.path = "abc";
    packet.hash_bytes = 2;
    EXPECT_THROW(packet_bytes(packet), std::logic_error);
}

TEST(MeshcoreAir, ChannelsByTheirNames) {
    EXPECT_EQ(channel_secret("#hill").size(), 16u);
    EXPECT_NE(channel_secret("#hill"), channel_secret("#dale"));
    EXPECT_EQ(channel_hash(public_channel_secret()), 0x11);
}

}  // namespace
}  // namespace waypost::meshcore
