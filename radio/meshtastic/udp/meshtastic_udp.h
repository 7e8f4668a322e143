// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport_kind.h"

namespace waypost::meshtastic {

// A Meshtastic node without a radio, on the local network: [meshtastic_udp.NAME].
TransportKind meshtastic_udp_kind();

}  // namespace waypost::meshtastic
