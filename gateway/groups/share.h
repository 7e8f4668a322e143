// SPDX-License-Identifier: Apache-2.0
// The share of airtime that groups may cost one person's radio: a bucket with as many tokens as
// posts may reach him in an hour, of all groups together. Each comes back an hour after it was
// taken, so no hour has more, whenever it begins. On record, in box time.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// False: there is none left for this person (a handle).
bool take_share(Ledger& ledger, const std::string& handle);

}  // namespace waypost
