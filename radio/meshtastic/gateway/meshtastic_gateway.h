// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport_kind.h"
#include "radio/meshtastic/broker_hub.h"

namespace waypost::meshtastic {

// The box's Meshtastic radios on a broker, as gateways of their mesh: [meshtastic_gateway.NAME].
TransportKind meshtastic_gateway_kind(std::shared_ptr<BrokerHub> hub);

}  // namespace waypost::meshtastic
