// SPDX-License-Identifier: Apache-2.0
// What of a network of radios one of many may take: all that comes from outside together, and what
// of one person's waits at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// One more from outside for this network of radios. False: more than its share has come, and this
// one goes after everything else.
bool within_outside_share(Ledger& ledger, const std::string& network);

// So many letters of his wait for the air already, and the channel is short: the oldest has waited
// for a minute. One more is not taken before one of them has gone.
struct Waits {
    int count = 0;
    std::chrono::milliseconds again{
        0};  // when it is worth trying: as long as the oldest has waited
};
std::optional<Waits> waits_for_air(Ledger& ledger, const std::string& owner,
                                   const std::string& network);

}  // namespace waypost
