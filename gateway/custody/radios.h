// SPDX-License-Identifier: Apache-2.0
// Whose radio is whose: bound, suspended, lifted again. All functions work in the writer's
// transaction, on the rows as they are by now, and mark the people as changed.
#pragma once

#include <string>
#include <vector>

#include "gateway/custody/ledger.h"

namespace waypost {

// State under which the conversation with a radio is kept, by its address (conversation/talk.h);
// behind a "?" while it is in doubt whether it is that radio.
inline constexpr char kTalkState[] = "talk";

// Whatever was begun on this radio, also by who may only pretend to be it.
void forget_talk(store::Tables& tables, const std::string& radio_uri);

// "!a1b2c3d4 Ben's radio": the number first, for the name is what the radio calls itself.
std::string radio_label(store::Tables& tables, const Address& radio);

// The radio is one more of this person, with what it had as a stranger: contacts, items under new
// numbers, what is under way. A suspended one of his is in use again.
void bind_radio(Ledger& ledger, const Address& radio, const std::string& handle);

// The radios of a person, without his mailbox: those in use, or those suspended.
std::vector<Address> radios_of(store::Tables& tables, const std::string& handle, bool suspended);

// From now on they count as strangers' without a name; what was on its way to them in his name
// goes no further, and nobody who holds one finds his drafts there.
void suspend_radios(Ledger& ledger, const std::string& handle, const std::vector<Address>& radios);
void lift_radios(Ledger& ledger, const std::string& handle, const std::vector<Address>& radios);

}  // namespace waypost
