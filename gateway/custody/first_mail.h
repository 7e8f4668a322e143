// SPDX-License-Identifier: Apache-2.0
// The first mail that somebody outside gets from a radio of this village says so: he is about to
// answer with photos to a screen of 200 letters.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// In the transaction that stores a delivery to the outside: it carries the note if none before it
// did, or that one never left.
void note_first_mail(Ledger& ledger, const store::DeliveryRow& row);

// What to write below the text of this delivery, in the sender's language and in English; empty
// for all but the one that carries it. The same at each attempt.
std::string first_mail_note(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
                            const store::MessageRow& message);

}  // namespace waypost
