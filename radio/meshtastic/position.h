// SPDX-License-Identifier: Apache-2.0
// Where a node says it is (Meshtastic Position, port 3).
#pragma once

#include <optional>
#include <string>

#include "gateway/transport.h"

namespace waypost::meshtastic {

// nullopt: the payload is none, or says no place on Earth.
std::optional<Place> place_in(const std::string& payload);

}  // namespace waypost::meshtastic
