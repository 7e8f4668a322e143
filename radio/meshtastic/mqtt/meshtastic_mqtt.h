// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport_kind.h"

namespace waypost::meshtastic {

// A Meshtastic node without a radio, on a broker: [meshtastic_mqtt.NAME].
TransportKind meshtastic_mqtt_kind();

}  // namespace waypost::meshtastic
