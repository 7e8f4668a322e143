// SPDX-License-Identifier: Apache-2.0
// Where a node says it is (Meshtastic Position, port 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/transport.h"

namespace waypost::meshtastic {

// nullopt: the payload is none, or says no place on Earth.
std::optional<Place> place_in(const std::string& payload);

// The time at which a device says where it is itself. Its firmware leaves it out unless it has it
// from GPS, or a phone that has it from the network (PositionModule, RTCQualityNTP): other nodes'
// packets do not count as such.
std::optional<std::int64_t> time_in(const std::string& payload);

}  // namespace waypost::meshtastic
