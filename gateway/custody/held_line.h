// SPDX-License-Identifier: Apache-2.0
// What a person hears of mail that waits for his consent: at most one line a day, which names all
// that came since the last one. It goes when the first comes, else from the house keeping: on the
// next day, after his quiet hours, once he takes mail again. In the writer's transaction.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// Says the line to this owner if there is something to say and this is the time for it.
void tell_what_waits(Ledger& ledger, const std::string& owner);

// The same for `most` owners after `after`, by name. The last one that it looked at; empty: there
// are no more.
std::string tell_what_waits_to_all(Ledger& ledger, std::string after, int most);

}  // namespace waypost
