// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/unproven.h"

#include "meshtastic.pb.h"

namespace waypost::meshtastic {

void clear_claims(pb::MeshPacket& packet) {
    packet.clear_pki_encrypted();
    packet.clear_public_key();
    packet.clear_rx_rssi();
    packet.clear_rx_snr();
}

}  // namespace waypost::meshtastic
