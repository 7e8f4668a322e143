// SPDX-License-Identifier: Apache-2.0
// The speeds of one link in the gateway: what both sides agreed is set at the modem and told to the
// law, and one side asks for another. One thread.
#pragma once

#include "radio/trunk/speed_choice.h"
#include "radio/trunk/transport/law.h"
#include "radio/tuned_modem.h"

namespace waypost::trunk {

class LinkSpeeds {
  public:
    // `modem` and `law` outlive it. `proposes`: this side asks. Throws std::runtime_error with a
    // sentence if the law or the modem refuses one of them.
    LinkSpeeds(std::span<const LoraParams> speeds, const RadioSite& site, bool proposes,
               TunedModem& modem, Law& law);

    std::vector<SpeedNumber> numbers() const { return choice_.numbers(); }
    void agreed(SpeedNumber speed, const LinkHealth& health, BoxTime now);
    std::optional<SpeedNumber> wanted(const LinkHealth& health, BoxTime now);
    // The modem is ready again: it was tuned, and the link need not begin anew. Asked once.
    bool was_tuned() { return std::exchange(tuned_, false); }
    std::string name() const;  // "SF7/250"

  private:
    SpeedChoice choice_;
    const bool proposes_;
    TunedModem& modem_;
    Law& law_;
    SpeedNumber at_ = 0;
    bool tuned_ = false;
};

// Of the settings. Throws std::runtime_error with a sentence.
std::vector<LoraParams> parse_speeds(const std::vector<std::string>& texts, const LoraParams& base);

}  // namespace waypost::trunk
