// SPDX-License-Identifier: Apache-2.0
// Who of ours is known at which neighbour, and how those hear that he wants to be forgotten: one
// mail to forget@dale.example that names his addresses. What one does with it is in
// conversation/forget_outsider.h. All in the writer's transaction.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// `owner` wrote to somebody of this neighbour, or got mail from there. Not whoever is no person and
// no radio of ours.
void note_met(store::Tables& tables, const std::string& owner, const std::string& neighbour);

// No name beside its messages is left of this one.
void forget_met(store::Tables& tables, const std::string& owner);

// Before `handle` goes: each neighbour that knows him, or a radio of his from before it had a name,
// gets its mail, where the settings have it told (tell_forget). How many do; `all`: none is left
// that knows him and is not told.
struct ToldNeighbours {
    std::size_t told = 0;
    bool all = true;
};
ToldNeighbours tell_to_forget(Ledger& ledger, const std::string& handle);

// The way to a neighbour has ended for this mail: nothing names him here any more. One that did not
// take it has a problem on record.
void end_telling(Ledger& ledger, const store::DeliveryRow& row);
bool tells_to_forget(const Box& box, const store::DeliveryRow& row);

}  // namespace waypost
