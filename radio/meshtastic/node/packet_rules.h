// SPDX-License-Identifier: Apache-2.0
// What holds for a packet of the mesh, whoever brings it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "radio/meshtastic/node/channel_key.h"

namespace waypost::meshtastic {

namespace pb {
class Data;
class MeshPacket;
}  // namespace pb

// Its sender, its number and its hops are ones that a node may give it.
bool by_the_rules(const pb::MeshPacket& packet);

// The same for all copies of a packet. Short enough for a string without an allocation.
std::string seen_key(std::uint32_t from, std::uint32_t id);

// What stands in a sealed packet; nullopt: it is not under this channel's key. The hash is a hint
// only, and nothing proves that the key was right but that what comes out makes sense.
std::optional<pb::Data> open_packet(const pb::MeshPacket& packet, const ChannelKey& channel);

}  // namespace waypost::meshtastic
