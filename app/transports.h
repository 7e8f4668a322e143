// SPDX-License-Identifier: Apache-2.0
// The only place that names every kind of transport.
#pragma once

#include <span>
#include <vector>

#include "gateway/config/setting.h"
#include "gateway/transport_kind.h"

namespace waypost {

const std::vector<TransportKind>& transport_kinds();
// Core sections and those of every kind.
std::span<const Section* const> all_sections();

}  // namespace waypost
