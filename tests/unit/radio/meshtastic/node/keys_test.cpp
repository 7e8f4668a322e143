// SPDX-License-Identifier: Apache-2.0
// Keys of channels and nodes against packets that Meshtastic's own code made.
#include <gtest/gtest.h>

#include "gateway/base/encoding.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/blur.h"
#include "radio/meshtastic/node/channel_key.h"
#include "radio/meshtastic/node/channel_list.h"
#include "radio/meshtastic/node/node_key.h"
#include "tests/unit/radio/meshtastic/vectors.h"

namespace waypost::meshtastic {
namespace {

TEST(ChannelKey, OpensAndMakesWhatFirmwareMade) {
    const auto rows = vectors("channel_packets.json").extract<Poco::JSON::Array::Ptr>();
    ASSERT_GT(rows->size(), 10u);
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto row = rows->getObject(static_cast<unsigned>(i));
        const auto psk = from_base64(row->getValue<std::string>("psk_b64"));
        ASSERT_TRUE(psk.ok());
        const auto channel = channel_key(row->getValue<std::string>("channel_name"), *psk);
        ASSERT_TRUE(channel.ok()) << channel.error().text;
        EXPECT_EQ(channel->hash, row->getValue<std::uint32_t>("channel_hash"));
        const auto from = row->getValue<std::uint32_t>("from_num");
        const auto id = row->getValue<std::uint32_t>("id");
        const std::string data = unhex(row->getValue<std::string>("data_hex"));
        const std::string sealed = unhex(row->getValue<std::string>("encrypted_hex"));
        EXPECT_EQ(to_hex(crypt(*channel, from, id, sealed)), to_hex(data)) << i;
        EXPECT_EQ(to_hex(crypt(*channel, from, id, data)), to_hex(sealed)) << i;
    }
}

TEST(ChannelKey, NamesAndKeysThatNoChannelHas) {
    EXPECT_FALSE(channel_key("", "x").ok());
    EXPECT_FALSE(channel_key("a/b", "x").ok());
    EXPECT_FALSE(channel_key("twelve bytes", "x").ok());
    EXPECT_FALSE(channel_key("Village", std::string(33, 'k')).ok());
    EXPECT_FALSE(channel_key("Village", "x", 33).ok());
}

TEST(ChannelList, IsALineForEach) {
    const auto list = read_channel_list("# keys\nLongFast AQ== 13\r\n\nVillage -\n");
    ASSERT_TRUE(list.ok()) << list.error().text;
    ASSERT_EQ(list->size(), 2u);
    EXPECT_EQ((*list)[0].hash, 8u);
    EXPECT_EQ((*list)[0].precision, 13);
    EXPECT_TRUE((*list)[1].key.empty());
    for (const char* bad : {"", "LongFast\n", "LongFast AQ== 13 more\n", "LongFast ?\n",
                            "LongFast AQ== 99\n", "LongFast AQ== -1\n", "A AQ==\nA AQ==\n"})
        EXPECT_FALSE(read_channel_list(bad).ok()) << bad;
}

TEST(NodeKey, OpensWhatFirmwareSealedAndNothingElse) {
    const auto rows = vectors("pkc_packets.json").extract<Poco::JSON::Array::Ptr>();
    ASSERT_GT(rows->size(), 3u);
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto row = rows->getObject(static_cast<unsigned>(i));
        const auto text = [&](const char* name) { return unhex(row->getValue<std::string>(name)); };
        auto mine = NodeKey::of(Secret(text("receiver_private_key_hex")));
        auto theirs = NodeKey::of(Secret(text("sender_private_key_hex")));
        ASSERT_TRUE(mine.ok() && theirs.ok());
        EXPECT_EQ(mine->public_key(), text("receiver_public_key_hex"));
        const auto from = row->getValue<std::uint32_t>("from_num");
        const auto id = row->getValue<std::uint32_t>("id");
        EXPECT_EQ(theirs->number(), from);
        EXPECT_EQ(mine->number(), row->getValue<std::uint32_t>("to"));
        std::string sealed = text("encrypted_hex");
        EXPECT_EQ(mine->open(theirs->public_key(), from, id, sealed), text("data_hex"));
        const std::string extra = text("extra_nonce_hex");
        std::uint32_t number = 0;
        for (int b = 3; b >= 0; --b)
            number = number << 8 | static_cast<unsigned char>(extra[static_cast<std::size_t>(b)]);
        EXPECT_EQ(to_hex(theirs->seal(mine->public_key(), from, id, number, text("data_hex"))),
                  to_hex(sealed));
        for (std::size_t bit = 0; bit < sealed.size() * 8; bit += 7) {
            sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ (1 << bit % 8));
            EXPECT_FALSE(mine->open(theirs->public_key(), from, id, sealed)) << bit;
            sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ (1 << bit % 8));
        }
        EXPECT_FALSE(mine->open(theirs->public_key(), from + 1, id, sealed));
        EXPECT_FALSE(mine->open(theirs->public_key(), from, id + 1, sealed));
        EXPECT_FALSE(mine->open(theirs->public_key(), from, id, sealed.substr(0, 12)));
    }
}

TEST(NodeKey, PointsThatShareNothingAreNoKeys) {
    NodeKey key = NodeKey::make();
    EXPECT_EQ(key.seal(std::string(32, '\0'), 1, 2, 3, "x"), "");
    EXPECT_EQ(key.seal("short", 1, 2, 3, "x"), "");
    EXPECT_FALSE(NodeKey::of(Secret("short")).ok());
}

TEST(Blur, CutsAsManyBitsAsTheChannelAsks) {
    pb::Position exact;
    exact.set_latitude_i(471234567);
    exact.set_longitude_i(-115678901);
    pb::Position blurred;
    ASSERT_TRUE(blurred.ParseFromString(blur_position(exact.SerializeAsString(), 13)));
    EXPECT_EQ(blurred.precision_bits(), 13u);
    // What is left of each is the middle of a square of 2^19.
    EXPECT_EQ(static_cast<std::uint32_t>(blurred.latitude_i()) & 0x7FFFF, 0x40000u);
    EXPECT_LE(std::abs(blurred.latitude_i() - exact.latitude_i()), 1 << 18);
    EXPECT_LE(std::abs(blurred.longitude_i() - exact.longitude_i()), 1 << 18);
    EXPECT_EQ(blur_position(blurred.SerializeAsString(), 16), blurred.SerializeAsString());
    EXPECT_EQ(blur_position(exact.SerializeAsString(), 32), exact.SerializeAsString());
    EXPECT_EQ(blur_position(exact.SerializeAsString(), 0), "");
    EXPECT_EQ(blur_position("no position", 13), "");
}

}  // namespace
}  // namespace waypost::meshtastic
