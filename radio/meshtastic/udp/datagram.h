// SPDX-License-Identifier: Apache-2.0
// One datagram of a mesh on a local network: a sealed MeshPacket as on the air, and nothing around
// it (firmware's UDP broadcast). Pure.
#pragma once

#include <string>

#include "gateway/base/result.h"

namespace waypost::meshtastic {

namespace pb {
class MeshPacket;
}  // namespace pb

inline constexpr std::size_t kMostDatagram = 512;  // bytes; firmware's are smaller

// BadInput: too long, no packet, or one in clear, which firmware never puts there.
Result<pb::MeshPacket> read_datagram(const std::string& bytes);

}  // namespace waypost::meshtastic
