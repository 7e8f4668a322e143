// SPDX-License-Identifier: Apache-2.0
// Rows of a link are worth something to its own pairing only: with another key the other box knows
// neither names nor numbers.
#pragma once

#include <vector>

#include "gateway/transport.h"
#include "radio/trunk/link.h"

namespace waypost::trunk {

// Before anything is read. Drops what another pairing left, and says whose attempts were under way
// there.
std::vector<AttemptId> drop_other_pairing(TransportState& state, const LinkSettings& link);

}  // namespace waypost::trunk
