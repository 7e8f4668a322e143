// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/udp/datagram.h"

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/unproven.h"

namespace waypost::meshtastic {

Result<pb::MeshPacket> read_datagram(const std::string& bytes) {
    pb::MeshPacket packet;
    if (bytes.size() > kMostDatagram || !packet.ParseFromString(bytes))
        return bad_input("no packet");
    if (packet.payload_variant_case() != pb::MeshPacket::kEncrypted || packet.encrypted().empty())
        return bad_input("not sealed");
    clear_claims(packet);
    return packet;
}

}  // namespace waypost::meshtastic
