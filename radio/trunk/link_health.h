// SPDX-License-Identifier: Apache-2.0
// What is known of a link, for status and choices.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "gateway/base/clock.h"

namespace waypost::trunk {

struct LinkHealth {
    double loss = 0.1;                  // of our frames, as the other's answers show it; smoothed
    std::optional<float> our_snr_db;    // of our frames, as the other hears them
    std::optional<float> their_snr_db;  // of its frames here
    BoxTime last_heard{};
    bool other_form = false;    // its last hello was sealed and ours are not, or the other way
    std::uint64_t sent = 0;     // frames
    std::uint64_t heard = 0;    // frames that were sealed by the other
    std::uint64_t unknown = 0;  // of a type of a later version
    std::uint64_t refused = 0;  // broken, forged, replayed, or of another session
    std::uint64_t silences = 0;
    std::uint64_t sessions = 0;
    std::chrono::microseconds airtime{0};  // of what was sent
};

}  // namespace waypost::trunk
