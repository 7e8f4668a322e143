// SPDX-License-Identifier: Apache-2.0
// Alarms between neighbours: one that comes to alarm@hill.example, and ours on their way to those
// who are to be told. Both in the writer's transaction.
#pragma once

#include "gateway/custody/intake.h"

namespace waypost {

// Is on record, and goes to the responders' radios only where the neighbour's setting says so, at
// most five times in an hour. From anybody but a neighbour it is refused.
Verdict take_neighbour_alarm(Ledger& ledger, const Message& message);

// One more delivery of alarm `alarm` for each neighbour with tell_alarms. `owner`: who called.
void tell_neighbours(Ledger& ledger, const std::string& owner, MessageId alarm);

}  // namespace waypost
