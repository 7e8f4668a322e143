// SPDX-License-Identifier: Apache-2.0
// A packet of the mesh as whoever looks on may see it: who, to whom, what kind, how far. Never what
// somebody wrote, nor where somebody is. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/base/packet_tail.h"

namespace waypost::meshtastic {

namespace pb {
class MeshPacket;
}  // namespace pb

// "text"; "port 300" for one that has no name here.
std::string port_name(std::uint32_t port);

// Of one that the device handed us; without time and transport.
PacketSeen heard_packet(const pb::MeshPacket& packet);
// Of one that we hand the device `from`.
PacketSeen sent_packet(const pb::MeshPacket& packet, std::uint32_t from);

}  // namespace waypost::meshtastic
