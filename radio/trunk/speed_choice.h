// SPDX-License-Identifier: Apache-2.0
// When a link of LoRa modems goes faster, and when back: by the signal that either side hears of
// the other, with a margin for fading, and by the loss. The side that made the pairing's code
// proposes (Link::propose_speed), so that two do not propose at once. A trial that ends at the base
// again is remembered, with pauses that grow. Pure; no clock.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "radio/airtime/airtime.h"
#include "radio/trunk/link_health.h"

namespace waypost::trunk {

// Its number says what it is, so that two boxes never mean two things by one: spreading factor * 16
// + bandwidth in 125 kHz. 0 is the base, as each side is set.
using SpeedNumber = std::uint32_t;
SpeedNumber number_of(int spreading_factor, int bandwidth_hz);
// As in the settings: "SF7/250". BadInput says what is wrong.
Result<LoraParams> parse_speed(std::string_view text, const LoraParams& base);

class SpeedChoice {
  public:
    // Speeds slower than the base are none.
    SpeedChoice(const LoraParams& base, std::span<const LoraParams> speeds);

    std::vector<SpeedNumber> numbers() const;           // for LinkSettings::speeds
    const LoraParams& params(SpeedNumber speed) const;  // of one that is not known: the base

    // The link is at this speed from now on.
    void now_at(SpeedNumber speed, const LinkHealth& health, BoxTime now);
    // What to propose; nullopt: nothing else than there is.
    std::optional<SpeedNumber> next(const LinkHealth& health, BoxTime now);

  private:
    struct Speed {
        SpeedNumber number;
        LoraParams params;
    };
    double margin(const LoraParams& at, const LinkHealth& health) const;
    const Speed* fastest(const LinkHealth& health) const;

    std::vector<Speed> speeds_;  // the base first, each faster than those before
    SpeedNumber at_ = 0;
    bool proposed_base_ = false;  // so that it is no trial that failed
    BoxTime since_{};             // at this speed
    BoxTime not_before_{};        // no faster one is tried
    milliseconds pause_;
    std::uint64_t heard_ = 0;     // frames, when this speed began or was last changed
    std::uint64_t silences_ = 0;  // likewise
};

}  // namespace waypost::trunk
