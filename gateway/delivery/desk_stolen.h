// SPDX-License-Identifier: Apache-2.0
// An operator says that a neighbour's box was stolen, or that it was paired anew
// (custody/stolen.h). Any thread but the writer's. Transports give up a revoked key, or take a new
// one, with the gateway's next opening; until then the core refuses what they bring.
#pragma once

#include <string>

#include "gateway/custody/stolen.h"
#include "gateway/delivery/office.h"

namespace waypost {

// How many deliveries are held for it.
Result<std::size_t> say_stolen(GatewayOffice& office, const std::string& neighbour,
                               const std::string& by);
// How many go on.
Result<std::size_t> say_paired_anew(GatewayOffice& office, const std::string& neighbour);

}  // namespace waypost
