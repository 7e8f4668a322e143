// SPDX-License-Identifier: Apache-2.0
// Mail and neighbours: who may speak for whom, how much a neighbour may bring, and when its people
// count as known.
#pragma once

#include <optional>
#include <string>

#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

// What a message is worth as a neighbour's, before anything is stored.
struct Judged {
    std::optional<Verdict> refused;  // it speaks for somebody for whom it must not speak
    std::string neighbour;           // whom a refusal concerns
};

// On the caller's thread. A neighbour's people are believed where their mail comes from its
// addresses or under its key, or where the network vouches for them (DMARC); of a neighbour that
// has either all else is refused. Nobody speaks for this box from a neighbour's address. Fills in
// message.verified_sender, message.brought_by and message.numbered.
Judged judge_neighbour(const Box& box, Message& message);

// Whether its sender is a neighbour's and `owner` takes mail from all of them: a neighbour knows
// its people. Not where he blocked this one, or the contact "neighbour:dale".
bool neighbour_vouches(store::Tables& tables, const Box& box, const std::string& owner,
                       const Message& message);

// In the transaction. What a neighbour has brought today, of mails, of alarms or of people to
// forget.
enum class Brought { Mails, Alarms, Forgets };
std::int64_t brought_today(store::Tables& tables, const Box& box, const std::string& neighbour,
                           Brought what);
// The verdict where it is more than it may; else nullopt.
std::optional<Verdict> brings_too_much(Ledger& ledger, const std::string& neighbour, Brought what);
void count_brought(Ledger& ledger, const std::string& neighbour, Brought what);
// On record as the neighbour's last problem, at most once a minute where it is the same.
void note_problem(store::Tables& tables, store::Ms now, const std::string& neighbour,
                  const std::string& problem);

// alarm@ or forget@ of a neighbour: its box takes what comes there for the village's word, so only
// this box writes there, none of its people.
bool is_door(const Neighbours& neighbours, const Address& address);

}  // namespace waypost
