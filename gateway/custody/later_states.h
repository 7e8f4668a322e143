// SPDX-License-Identifier: Apache-2.0
// What became of a letter after its "7 kept": told with the next receipt to the same person, or
// when he asks. Never in a packet of its own; a failure is told at once (receipts.h).
#pragma once

#include <string>
#include <vector>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/ledger.h"

namespace waypost {

// This delivery has come further. Owed to its writer, if he wrote from a radio.
void owe_state(Ledger& ledger, const store::DeliveryRow& row);

// `receipt`, with what is owed to `owner` behind it as far as `most` bytes reach, newest first:
// "9 kept. 8 5 delivered. 7 sent". `about` is what the receipt itself speaks of. `told`: gets those
// that it tells of.
std::string with_later_states(Ledger& ledger, const std::string& owner, const Catalogue& words,
                              std::string receipt, MessageId about, std::size_t most,
                              std::vector<MessageId>& told);
// What a receipt told that will not be said: it is owed again.
void owe_again(Ledger& ledger, const std::string& network, const std::vector<MessageId>& told);

}  // namespace waypost
