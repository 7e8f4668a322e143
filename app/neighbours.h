// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/routing/neighbours.h"

namespace waypost {

// [neighbour.NAME] as the file says. Throws std::runtime_error where an address is none; what
// makes no sense together, the Neighbours themselves say.
std::vector<Neighbour> configured_neighbours(const Config& config);

// The `place` of [box] or of [neighbour.NAME], if it has one. Throws std::runtime_error with the
// section's name where that is no place.
std::optional<GeoPoint> place_setting(const SectionValues& values, const std::string& section);

}  // namespace waypost
