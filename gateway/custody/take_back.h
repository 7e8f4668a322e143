// SPDX-License-Identifier: Apache-2.0
// Somebody here takes back what has left: where it went by an instance that can ask for its
// deletion (Router::takes_back), that is asked. The wish is a message of its own with a delivery
// for each such copy, on record with the line that said it; it is answered when all of them have an
// outcome, thus when nothing can stop what is asked. In the writer's transaction.
#pragma once

#include <optional>
#include <string>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/ledger.h"

namespace waypost {

// `asker`: where the answer goes. False: no copy is where anybody can be asked.
bool ask_back(Ledger& ledger, const std::string& owner, MessageId message, const Address& asker);

// What there is to say of a message that was taken back, to who speaks of it as `item`; empty: it
// was not, or there is no outcome yet.
std::string took_back(Ledger& ledger, const Catalogue& words, MessageId message, int item);
bool is_asked_back(Ledger& ledger, MessageId message);

// A delivery that has just ended: false where it is no wish of this kind. The last one brings the
// answer.
bool ends_asking_back(Ledger& ledger, const store::DeliveryRow& row);

// The id under which this copy left, of which such a delivery speaks; empty: it is not known.
WireId taken_back_by(store::Tables& tables, const store::DeliveryRow& row,
                     const store::MessageRow& wish);

}  // namespace waypost
