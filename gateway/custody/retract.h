// SPDX-License-Identifier: Apache-2.0
// Its author took a message back, from outside: what waits of it goes nowhere, and its text is
// erased here. What a radio has shown cannot be taken back. In the writer's transaction.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// Nothing happens to a message that did not come by this transport.
void retract(Ledger& ledger, const TransportId& transport, MessageId message);

// What was under way then, and did not arrive, is not tried again.
bool ends_taken_back(Ledger& ledger, store::DeliveryRow& row);

}  // namespace waypost
