// SPDX-License-Identifier: Apache-2.0
// An account elsewhere has moved to another address, and both say so: what people here had with the
// one they have with the other. In the writer's transaction; a repeat changes nothing.
#pragma once

#include "gateway/custody/ledger.h"

namespace waypost {

// Who has it as a contact, or follows it, is told by one line, but for who has said `stop`. A
// contact that he had with the new one before stays as he had it; a block of the old one holds for
// the new one, unless he has taken that by himself.
void account_moved(Ledger& ledger, const Address& from, const Address& to);

}  // namespace waypost
