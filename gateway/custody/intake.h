// SPDX-License-Identifier: Apache-2.0
// The way in, after the caller's thread has looked and before the transaction is on disk: one
// message for one or several recipients becomes rows, or a refusal. Messages said to the gateway
// itself go to the executor of commands instead.
#pragma once

#include <vector>

#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

// A message of a person of ours, or a stranger of ours, or somebody outside.
struct Letter {
    Message message;
    std::string owner;          // sender's, if he is ours; else empty
    std::vector<Route> routes;  // one per entry of message.to
    store::Kind kind = store::Kind::Letter;
    MessageId answers = 0;     // known already (a reply by number), else found by references
    store::Ms due_box_ms = 0;  // not before; 0: now
    bool trusted = false;      // console, command line, gateway: no consent, no quota
    bool whole = false;        // to all or to none: its sender gets one answer for all
};

// What became of a letter, per recipient and as a whole.
struct Taken {
    std::vector<Verdict> verdicts;
    MessageId message = 0;
    int item = 0;  // the number by which its sender speaks of it; 0 if he is not ours
};

// Duplicates, quotas, consent, item numbers, one delivery per recipient, first events: in the
// writer's transaction and in this order.
Taken take_letter(Ledger& ledger, const Letter& letter);

// A mail without an id is known by its date and all its bytes; what has neither may be meant twice,
// word for word.
bool repeats_are_known(const Message& message);
// The key under which a repeat is recognised: origin network, sender, origin id, recipient, body
// (not of what is numbered); and the time of writing, which every repeat carries too.
store::DuplicateKey duplicate_key(const Message& message, const std::string& recipient);

// A child of the village, who takes nothing from outside (`no_outsiders`) and sends nothing there.
bool is_minor(const Box& box, const std::string& owner);
Verdict no_outsiders();

// To anybody else who writes to alarm@ or forget@.
Verdict for_neighbours_only(Route::Kind door);

// Looks on the caller's thread, against a snapshot: who may be reached at all.
Verdict look(const Box& box, const Route& route, bool trusted, const Address& to,
             std::uint64_t bytes);

}  // namespace waypost
