// SPDX-License-Identifier: Apache-2.0
// A neighbour's word that somebody of its people wants to be forgotten here too: a mail to
// forget@hill.example, one address on a line (custody/met_neighbours.h). In the writer's
// transaction.
#pragma once

#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

// Address books, open conversations and check-ins lose him, groups too; mail of his that is held
// goes unread. What he wrote to somebody stays his whom he wrote to. Of its own people only, so
// much in a day as it may bring alarms, and from its box itself: an automatic mail of its
// postmaster; said twice, or of who is unknown, it does nothing. Nothing
// of the mail itself is kept.
Verdict forget_outsider(Ledger& ledger, const Message& message);

}  // namespace waypost
