// SPDX-License-Identifier: Apache-2.0
// Datagrams as real firmware sent them to the group, and what nobody may send.
#include "radio/meshtastic/udp/datagram.h"

#include <gtest/gtest.h>

#include "gateway/base/encoding.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/own_node.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/unit/radio/meshtastic/vectors.h"

namespace waypost::meshtastic {
namespace {

std::string one(std::size_t padding = 0) {
    pb::MeshPacket packet;
    packet.set_from(7);
    packet.set_id(8);
    packet.set_encrypted("sealed" + std::string(padding, 'x'));
    return packet.SerializeAsString();
}

TEST(Datagram, ReadsWhatFirmwareSent) {
    for (const char* file : {"channel_packets.json", "pkc_packets.json"}) {
        const auto rows = vectors(file).extract<Poco::JSON::Array::Ptr>();
        ASSERT_GT(rows->size(), 3u);
        for (unsigned i = 0; i < rows->size(); ++i) {
            const auto row = rows->getObject(i);
            const auto hex = row->getValue<std::string>("udp_meshpacket_hex");
            const auto packet = read_datagram(unhex(hex));
            ASSERT_TRUE(packet.ok()) << file << i << packet.error().text;
            EXPECT_EQ(packet->from(), row->getValue<std::uint32_t>("from_num"));
            EXPECT_EQ(packet->to(), row->getValue<std::uint32_t>("to"));
            EXPECT_EQ(packet->id(), row->getValue<std::uint32_t>("id"));
            EXPECT_EQ(packet->channel(), row->getValue<std::uint32_t>("channel_hash"));
            EXPECT_EQ(packet->want_ack(), row->getValue<bool>("want_ack"));
            EXPECT_EQ(to_hex(packet->encrypted()), row->getValue<std::string>("encrypted_hex"));
            EXPECT_FALSE(packet->pki_encrypted());
        }
    }
}

// By the node that it was meant for, whose sender has told his key before.
TEST(Datagram, ANodeOpensWhatFirmwareSealedToIt) {
    const auto rows = vectors("pkc_packets.json").extract<Poco::JSON::Array::Ptr>();
    const auto random = seeded_random(1);
    for (unsigned i = 0; i < rows->size(); ++i) {
        const auto row = rows->getObject(i);
        auto key =
            NodeKey::of(Secret(unhex(row->getValue<std::string>("receiver_private_key_hex"))));
        ASSERT_TRUE(key.ok());
        OwnNodeOptions options;
        options.channels = {*channel_key("LongFast", std::string(1, '\x01'))};
        OwnNode node(options, std::move(*key), *random);
        auto packet = read_datagram(unhex(row->getValue<std::string>("udp_meshpacket_hex")));
        ASSERT_TRUE(packet.ok());
        // A node's number follows from its key, and firmware gave that one another.
        packet->set_to(node.number());
        KnownNode& sender = node.nodes().at(packet->from());
        sender.key = unhex(row->getValue<std::string>("sender_public_key_hex"));
        pb::Data said;
        said.ParseFromString(unhex(row->getValue<std::string>("data_hex")));
        const NodeActions actions = node.received(*packet, box_from_ms(1'000'000));
        EXPECT_EQ(node.counters().unreadable, 0u) << i;
        if (said.portnum() != kText) continue;
        ASSERT_EQ(actions.texts.size(), 1u) << i;
        EXPECT_EQ(actions.texts[0].text, said.payload());
        EXPECT_TRUE(actions.texts[0].sealed);
    }
}

TEST(Datagram, AnythingElseIsNone) {
    EXPECT_TRUE(read_datagram(one(480)).ok());
    EXPECT_FALSE(read_datagram(one(500)).ok());  // longer than any of firmware's
    EXPECT_FALSE(read_datagram({}).ok());
    EXPECT_FALSE(read_datagram("rubbish").ok());
    const std::string whole = one();
    for (const std::size_t cut : {1, 2, 3, 4, 6, 7})  // 5: the id, which a node asks for
        EXPECT_FALSE(read_datagram(whole.substr(0, whole.size() - cut)).ok()) << cut;
    pb::MeshPacket clear;
    clear.set_from(7);
    clear.set_id(8);
    clear.mutable_decoded()->set_portnum(kText);
    EXPECT_FALSE(read_datagram(clear.SerializeAsString()).ok());
}

TEST(Datagram, WhatItClaimsOfItsWayDoesNotCount) {
    pb::MeshPacket packet;
    packet.set_encrypted("sealed");
    packet.set_pki_encrypted(true);
    packet.set_public_key("somebody's");
    packet.set_rx_rssi(-20);
    packet.set_rx_snr(9);
    const auto read = read_datagram(packet.SerializeAsString());
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(read->pki_encrypted());
    EXPECT_TRUE(read->public_key().empty());
    EXPECT_EQ(read->rx_rssi(), 0);
    EXPECT_EQ(read->rx_snr(), 0);
}

}  // namespace
}  // namespace waypost::meshtastic
