// SPDX-License-Identifier: Apache-2.0
// What the gateway says unasked, each line once and small: kept is said by the executor; here are
// failures; of held mail see held_line.h.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"
#include "gateway/message/message.h"

namespace waypost {

// "7 FAIL no such address" to the radio that sent it. `reason` empty: it expired.
void tell_failure(Ledger& ledger, const store::DeliveryRow& row, const std::string& reason);

// Where a line for this owner goes now: his radio heard last, or the stranger's own. Empty:
// nowhere.
Address endpoint_of(const Box& box, const std::string& owner);

}  // namespace waypost
