// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "gateway/config/config.h"
#include "gateway/routing/neighbours.h"

namespace waypost {

// [neighbour.NAME] as the file says. Throws std::runtime_error where an address is none; what
// makes no sense together, the Neighbours themselves say.
std::vector<Neighbour> configured_neighbours(const Config& config);

}  // namespace waypost
