// SPDX-License-Identifier: Apache-2.0
// What somebody asks for in a name and others decide: a new name, where the operator approves each,
// and a person's name for another radio, which nobody can prove. And what nobody asks for: whether
// another key, under which a person's radio is heard, is his. Who decides is told in one line with
// an item number. All functions work in the writer's transaction.
#pragma once

#include <chrono>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

inline constexpr std::chrono::hours kMoveWaits{24};  // box time
inline constexpr int kMovesPerDay = 3;               // asked for, of one name
inline constexpr int kKeyNotesPerDay = 3;            // told, of one radio
inline constexpr std::size_t kVouchersNeeded = 2;

// Who is here already under a name that would be mistaken for this new one (commands/handle.h);
// empty: nobody, or somebody has this very name.
std::string looks_like(store::Tables& tables, const std::string& handle);

bool is_operator(const Box& box, const std::string& owner);

// Each returns the key of the text that answers who asked. The radio of an approval is bound to the
// new person already, who waits.
std::string ask_approval(Ledger& ledger, const Address& radio, const std::string& handle);
std::string ask_move(Ledger& ledger, const Address& radio, const std::string& handle);

// This radio is heard under `radio.new_key`, and what goes to it waits: each operator is told, and
// its person on his other radios and in his mailbox. Once for each key, for anybody can say one.
void ask_about_key(Ledger& ledger, const store::EndpointRow& radio);
// Its key has been decided on elsewhere: whoever decides by number is told so.
void key_settled(Ledger& ledger, const Address& radio, const std::string& why);

// Done as asked; `why` is for the trace. A move suspends the person's other radios, for he said
// that he moved, unless one of them is who agrees (`keep_others`). False: it cannot be done any
// more, and is dropped.
bool carry_out(Ledger& ledger, const store::MatterRow& matter, const std::string& why,
               bool keep_others);
// Not done: a name that waits for approval goes with all that waited for it; a radio's pinned key
// stays, and what waited goes to it.
void refuse(Ledger& ledger, const store::MatterRow& matter, const std::string& why);
// Whatever is asked by this radio, or for this name, is over without a word.
void withdraw(Ledger& ledger, const Address& radio);
void withdraw(Ledger& ledger, const std::string& handle);

// Moves whose time has come.
void carry_out_due(Ledger& ledger);

}  // namespace waypost
