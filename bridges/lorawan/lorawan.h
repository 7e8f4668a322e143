// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/transport_kind.h"

namespace waypost::lorawan {

// Sensors of a LoRaWAN network by ChirpStack: [lorawan.NAME].
TransportKind lorawan_kind();

}  // namespace waypost::lorawan
