// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/packet.h"

#include <gtest/gtest.h>

#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

std::string address(char filled) { return std::string(kHash, filled); }

Packet data_packet() {
    Packet packet;
    packet.destination = address('d');
    packet.data = "what is in it";
    return packet;
}

// Every combination that the wire knows.
template <class Visit>
void for_all_packets(const Visit& visit) {
    for (int type = 0; type < 4; ++type) {
        for (int destination = 0; destination < 4; ++destination) {
            for (int bits = 0; bits < 8; ++bits) {
                Packet packet = data_packet();
                packet.type = static_cast<PacketType>(type);
                packet.destination_type = static_cast<DestinationType>(destination);
                packet.context = static_cast<Context>(type * 64 + destination * 8 + bits);
                packet.context_flag = bits & 1;
                packet.transport = bits & 2;
                if (bits & 4) packet.transport_id = address('t');
                packet.hops = static_cast<std::uint8_t>(type * 32 + bits);
                visit(packet);
            }
        }
    }
}

TEST(ReticulumPacket, WhatIsWrittenIsReadTheSame) {
    for_all_packets([](const Packet& packet) {
        const auto bytes = packet_bytes(packet);
        ASSERT_TRUE(bytes.ok());
        const auto read = parse_packet(*bytes);
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(packet_bytes(*read).value(), *bytes);
        EXPECT_EQ(read->type, packet.type);
        EXPECT_EQ(read->destination_type, packet.destination_type);
        EXPECT_EQ(read->context, packet.context);
        EXPECT_EQ(read->context_flag, packet.context_flag);
        EXPECT_EQ(read->transport, packet.transport);
        EXPECT_EQ(read->transport_id, packet.transport_id);
        EXPECT_EQ(read->destination, packet.destination);
        EXPECT_EQ(read->hops, packet.hops);
        EXPECT_EQ(read->data, packet.data);
    });
}

TEST(ReticulumPacket, FieldsAreWhereTheReferenceProgramPutsThem) {
    const auto vector = vector_labelled("announces.json", "alice_lxmf_with_ratchet");
    const auto fields = vector->getObject("expected")->getObject("fields");
    const auto packet = packet_from(vector_bytes(vector->getObject("expected"), "wire_bytes_hex"));
    EXPECT_EQ(packet.type, PacketType::Announce);
    EXPECT_EQ(packet.destination_type, DestinationType::Single);
    EXPECT_TRUE(packet.context_flag);
    EXPECT_FALSE(packet.transport);
    EXPECT_EQ(packet.hops, 0);
    EXPECT_EQ(packet.destination, vector_bytes(fields, "header_dest_hash_hex"));
    EXPECT_EQ(packet.context, Context::None);
}

TEST(ReticulumPacket, TheHashStaysTheSameOnTheWay) {
    const Packet sent = data_packet();
    Packet relayed = sent_through(sent, address('t'));
    relayed.hops = 7;
    EXPECT_EQ(packet_hash(relayed), packet_hash(sent));
    EXPECT_EQ(packet_hash(sent), sha256(std::string(1, '\0') + address('d') + '\0' + sent.data));
    EXPECT_EQ(short_packet_hash(sent), packet_hash(sent).substr(0, kHash));
    Packet other = sent;
    other.destination_type = DestinationType::Link;
    EXPECT_NE(packet_hash(other), packet_hash(sent));
}

TEST(ReticulumPacket, SentThroughATransportNodeItHasTheLongHeader) {
    Packet sent = data_packet();
    sent.destination_type = DestinationType::Single;
    const auto bytes = packet_bytes(sent_through(sent, address('t'))).value();
    EXPECT_EQ(bytes.substr(0, 2), std::string("\x50\0", 2));
    EXPECT_EQ(bytes.substr(2, kHash), address('t'));
    EXPECT_EQ(bytes.substr(2 + kHash), packet_bytes(sent).value().substr(2));
}

TEST(ReticulumPacket, CutInItsHeaderItIsRefused) {
    const auto short_one = packet_bytes(data_packet()).value();
    for (std::size_t size = 0; size < kHeader1; ++size)
        EXPECT_EQ(parse_packet(short_one.substr(0, size)).error().code, Code::BadInput) << size;
    EXPECT_TRUE(parse_packet(short_one.substr(0, kHeader1)).ok());
    const auto long_one = packet_bytes(sent_through(data_packet(), address('t'))).value();
    for (std::size_t size = 0; size < kHeader2; ++size)
        EXPECT_EQ(parse_packet(long_one.substr(0, size)).error().code, Code::BadInput) << size;
    EXPECT_TRUE(parse_packet(long_one.substr(0, kHeader2)).ok());
}

TEST(ReticulumPacket, AnAccessCodeIsRefusedAndNamed) {
    auto bytes = packet_bytes(data_packet()).value();
    bytes[0] = static_cast<char>(bytes[0] | '\x80');
    const auto read = parse_packet(bytes);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, Code::Refused);
    EXPECT_NE(read.error().text.find("IFAC"), std::string::npos);
}

TEST(ReticulumPacket, TooManyHopsOrBytesAreRefused) {
    Packet packet = data_packet();
    packet.hops = kMostHops;
    auto bytes = packet_bytes(packet).value();
    EXPECT_TRUE(parse_packet(bytes).ok());
    bytes[1] = '\x80';
    EXPECT_EQ(parse_packet(bytes).error().code, Code::BadInput);
    packet.hops = kMostHops + 1;
    EXPECT_EQ(packet_bytes(packet).error().code, Code::BadInput);

    packet.hops = 0;
    packet.data = std::string(kMtu - kHeader1, 'x');
    bytes = packet_bytes(packet).value();
    EXPECT_EQ(bytes.size(), kMtu);
    EXPECT_TRUE(parse_packet(bytes).ok());
    EXPECT_EQ(parse_packet(bytes + 'x').error().code, Code::TooLarge);
    packet.data += 'x';
    EXPECT_EQ(packet_bytes(packet).error().code, Code::TooLarge);
    EXPECT_EQ(packet_bytes(sent_through(packet, address('t'))).error().code, Code::TooLarge);
}

TEST(ReticulumPacket, AnAddressOfAWrongLengthIsNotSent) {
    Packet packet = data_packet();
    packet.destination = "short";
    EXPECT_EQ(packet_bytes(packet).error().code, Code::BadInput);
    packet = sent_through(data_packet(), "short");
    EXPECT_EQ(packet_bytes(packet).error().code, Code::BadInput);
}

}  // namespace
}  // namespace waypost::reticulum
