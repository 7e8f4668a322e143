// SPDX-License-Identifier: Apache-2.0
// A neighbour whose box was stolen: nothing that it brings is taken, what waits for it is held, and
// its keys are revoked for good. All in the writer's transaction.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "gateway/base/result.h"
#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

inline constexpr char kStolenCode[] = "stolen";  // of what is held for it

std::string stolen_words(const std::string& neighbour);  // "the box of dale was stolen: ..."

struct StolenBox {
    store::Ms at_ms = 0;  // wall time at which it was said
    std::string by;       // who said so
};
std::optional<StolenBox> stolen_box(store::Tables& tables, const std::string& neighbour);

// The verdict on what a stolen neighbour brings, or signs as its own; nullopt: it is none.
std::optional<Verdict> from_stolen(Ledger& ledger, const Message& message);
// True: it is for a stolen neighbour, and is held now.
bool hold_for_stolen(Ledger& ledger, store::DeliveryRow& row);

// Prints of keys by what they prove, "trunk:dale" (gateway/peer_keys.h).
using PeerPrints = std::map<std::string, std::string>;

// NotFound: no such neighbour. Said again it adds the keys that it has by now. How many deliveries
// are held for it.
Result<std::size_t> tell_stolen(Ledger& ledger, const std::string& neighbour, const std::string& by,
                                const PeerPrints& prints);
// Conflict: it was not stolen, or a key of it is still one that was; the text says which. How many
// deliveries go on.
Result<std::size_t> tell_paired_anew(Ledger& ledger, const std::string& neighbour,
                                     const PeerPrints& prints);
// All that were ever revoked. Not undone by anything.
std::set<std::string> revoked_keys(store::Tables& tables);

}  // namespace waypost
