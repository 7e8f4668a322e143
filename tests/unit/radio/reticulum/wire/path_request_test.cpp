// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/path_request.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

const std::string kTarget(kHash, 't');
const std::string kTag(kHash, 'g');

// The constant that every node knows, as the specification has it.
TEST(ReticulumPathRequest, ItGoesWhereEverybodyListens) {
    EXPECT_EQ(path_request_destination(), bytes_of_hex("6b9f66014d9853faab220fba47d02761"));
    const auto bytes = packet_bytes(build_path_request(kTarget, kTag)).value();
    EXPECT_EQ(bytes, bytes_of_hex("08006b9f66014d9853faab220fba47d0276100") + kTarget + kTag);
}

TEST(ReticulumPathRequest, ByALeafAndByATransportNode) {
    Packet packet = build_path_request(kTarget, kTag);
    auto read = parse_path_request(packet);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->target, kTarget);
    EXPECT_EQ(read->transport_id, "");
    EXPECT_EQ(read->tag, kTag);

    packet.data = kTarget + std::string(kHash, 'n') + kTag + "longer";
    read = parse_path_request(packet);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->transport_id, std::string(kHash, 'n'));
    EXPECT_EQ(read->tag, kTag);

    packet.data = kTarget + "g";
    EXPECT_EQ(parse_path_request(packet)->tag, "g");
}

TEST(ReticulumPathRequest, WithoutATagItIsRefused) {
    Packet packet = build_path_request(kTarget, kTag);
    for (std::size_t size = 0; size <= kHash; ++size) {
        packet.data = std::string(size, 't');
        EXPECT_EQ(parse_path_request(packet).error().code, Code::BadInput) << size;
    }
}

TEST(ReticulumPathRequest, AnythingElseIsNone) {
    Packet packet = build_path_request(kTarget, kTag);
    packet.destination_type = DestinationType::Single;
    EXPECT_FALSE(parse_path_request(packet).ok());
    packet = build_path_request(kTarget, kTag);
    packet.type = PacketType::Announce;
    EXPECT_FALSE(parse_path_request(packet).ok());
    packet = build_path_request(kTarget, kTag);
    packet.destination = kTarget;
    EXPECT_FALSE(parse_path_request(packet).ok());
    EXPECT_THROW(build_path_request("short", kTag), std::logic_error);
    EXPECT_THROW(build_path_request(kTarget, "short"), std::logic_error);
}

}  // namespace
}  // namespace waypost::reticulum
