// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport_kind.h"

namespace waypost::sensors {

// Home automation and sensors on an MQTT broker: [sensors.NAME].
TransportKind sensors_kind();

}  // namespace waypost::sensors
