// SPDX-License-Identifier: Apache-2.0
// What becomes of an attempt: begun, ended, proven. All inside the writer's transaction.
#pragma once

#include "gateway/custody/compose.h"
#include "gateway/custody/ledger.h"

namespace waypost {

// Puts the attempt on record. False: the delivery was cancelled, held or expired meanwhile, carries
// another message than when it was composed, its recipient has quiet hours, or its box was stolen.
bool begin_attempt(Ledger& ledger, AttemptId attempt, const TransportId& transport,
                   const WireId& wire_id, const Shown& shown);

// The one final outcome of an attempt. A failure is told to whoever sent the message.
void end_attempt(Ledger& ledger, AttemptId attempt, const Outcome& outcome);

// A proof by wire id, at any later time. Stronger evidence wins; weaker is only an event. False:
// nothing of ours went under that id.
bool prove(Ledger& ledger, const TransportId& transport, const WireId& wire_id, const Proof& proof);
// The same from a report that came as a message: `named` is the delivery to whose address it came.
// Without that a neighbour is believed only of what went to it by the way it tells by.
bool take_report(Ledger& ledger, const Message& message, std::optional<DeliveryId> named);

// Ends a delivery for good and tells its sender why, on the network he wrote from.
void give_up(Ledger& ledger, store::DeliveryRow& row, State state, const std::string& code,
             const std::string& reason);

}  // namespace waypost
