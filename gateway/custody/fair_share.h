// SPDX-License-Identifier: Apache-2.0
// What comes from outside to all radios of a network together: so much an hour, whoever sends it.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// One more from outside for this network of radios. False: more than its share has come, and this
// one goes after everything else.
bool within_outside_share(Ledger& ledger, const std::string& network);

}  // namespace waypost
