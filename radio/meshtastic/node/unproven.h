// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace waypost::meshtastic {

namespace pb {
class MeshPacket;
}  // namespace pb

// Takes away what anybody who puts a packet on a broker or a network may claim of it: how it was
// sealed, and of the air.
void clear_claims(pb::MeshPacket& packet);

}  // namespace waypost::meshtastic
