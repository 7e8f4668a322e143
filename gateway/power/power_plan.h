// SPDX-License-Identifier: Apache-2.0
// What is switched off as the battery runs down: first the Wi-Fi, then the console, never the
// radio. A state machine without I/O or clock.
#pragma once

#include <optional>

#include "gateway/base/clock.h"
#include "gateway/power/power_supply.h"

namespace waypost {

enum class PowerLevel { Full, NoWifi, NoConsole };  // each without what those before are without
const char* to_string(PowerLevel level);            // "full", "no-wifi", "no-console"
// What is gone then, for the page: "wifi", "console"; "": nothing.
const char* goes_off(std::optional<PowerLevel> soon);

struct PowerSettings {
    int wifi_off_below = 30;                      // percent; 0: never
    int console_off_below = 15;                   // percent; 0: never
    milliseconds wait = std::chrono::minutes(2);  // what goes is announced for so long
};

// Back on once the battery has so much more than what switched it off, or there is mains power.
inline constexpr int kBackAbove = 10;  // percent

class PowerPlan {
  public:
    // The level that holds from now on. A reading that tells no charge changes nothing, but that
    // with mains power all is on.
    PowerLevel look(const PowerReading& reading, const PowerSettings& settings, BoxTime now);
    PowerLevel level() const { return level_; }
    // What comes next, and when; none: it stays.
    struct Next {
        PowerLevel level;
        BoxTime at;
    };
    const std::optional<Next>& next() const { return next_; }
    // Who uses it should know by now that this comes: it does within the wait, or with five percent
    // less charge. None: nothing comes.
    std::optional<PowerLevel> soon() const { return soon_; }

  private:
    PowerLevel wanted(const PowerReading& reading, const PowerSettings& settings) const;
    std::optional<PowerLevel> coming(const PowerReading& reading,
                                     const PowerSettings& settings) const;
    PowerLevel level_ = PowerLevel::Full;
    std::optional<Next> next_;
    std::optional<PowerLevel> soon_;
};

}  // namespace waypost
