// SPDX-License-Identifier: Apache-2.0
// The address to which reports about one delivery come back: bounce+<delivery>-<token>@hill.example
// (variable envelope return paths). It says which delivery a bounce is about however little the
// bounce itself says, and nobody can make one up.
#pragma once

#include <optional>

#include "gateway/custody/box.h"

namespace waypost {

Address return_path_of(const Box& box, DeliveryId delivery);

// The delivery that a route of Kind::Report names; nullopt: its token is forged, or over.
std::optional<DeliveryId> reported_on(const Box& box, const Route& route);

}  // namespace waypost
