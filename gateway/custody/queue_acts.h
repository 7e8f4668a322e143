// SPDX-License-Identifier: Apache-2.0
// What an operator may do to a delivery that waits. Each is on record as his doing. Inside the
// writer's transaction.
#pragma once

#include "gateway/base/result.h"
#include "gateway/custody/ledger.h"

namespace waypost {

// Bump: before everything but alarms on its way out, now. What its lane has before it goes before
// it still, and is bumped too. Its airtime is nobody's but the operator's (kOperatorsTurn).
enum class QueueAct { Hold, Release, Bump, Cancel, Retry };

// Whose turn it is that sends what was bumped (delivery/turns.h): no handle is written so.
inline constexpr char kOperatorsTurn[] = "@operator";

// NotFound: no such delivery. Conflict: its state does not allow that, or is under way already.
Result<void> act_on_queue(Ledger& ledger, QueueAct act, DeliveryId id);

}  // namespace waypost
