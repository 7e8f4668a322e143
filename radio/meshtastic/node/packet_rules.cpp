// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/packet_rules.h"

#include "meshtastic.pb.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr std::uint32_t kMostHops = 7;

}  // namespace

bool by_the_rules(const pb::MeshPacket& packet) {
    return packet.from() != 0 && packet.from() != kBroadcast && packet.id() != 0 &&
           packet.hop_limit() <= kMostHops && packet.hop_start() <= kMostHops;
}

std::string seen_key(std::uint32_t from, std::uint32_t id) {
    const std::uint32_t both[] = {from, id};
    return {reinterpret_cast<const char*>(both), sizeof both};
}

std::optional<pb::Data> open_packet(const pb::MeshPacket& packet, const ChannelKey& channel) {
    if (channel.hash != packet.channel()) return std::nullopt;
    pb::Data data;
    if (!data.ParseFromString(crypt(channel, packet.from(), packet.id(), packet.encrypted())) ||
        data.portnum() == 0)
        return std::nullopt;
    return data;
}

}  // namespace waypost::meshtastic
