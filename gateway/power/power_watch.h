// SPDX-License-Identifier: Apache-2.0
// Keeps an eye on the power: reads it now and then, follows the plan, and writes the level into a
// file by which the image switches its Wi-Fi.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/power/power_plan.h"

namespace waypost {

// `undervoltage`: it was so within the last ten minutes.
struct PowerFacts : PowerReading {
    PowerLevel level = PowerLevel::Full;
    std::optional<PowerLevel> soon;  // goes off so far before long

    bool told() const {
        return percent || mains || undervoltage;
    }  // the machine tells of its power
};
// "battery at 27 %, 12.1 V, charging; the Wi-Fi is off"; empty: nothing is known.
std::string in_words(const PowerFacts& facts);

struct PowerWatchOptions {
    std::string sys = "/sys";
    std::string file;  // "/run/waypost/power-state"; empty: none
    // Charge of the battery by a radio that shares it; may be empty.
    std::function<std::optional<int>()> radio_percent;
};

// look() by one thread, facts() by any.
class PowerWatch {
  public:
    explicit PowerWatch(PowerWatchOptions options) : options_(std::move(options)) {}
    // Reads at most every ten seconds. The level that holds.
    PowerLevel look(const PowerSettings& settings, BoxTime now);
    PowerFacts facts(BoxTime now) const;

  private:
    PowerReading read() const;
    void write(PowerLevel level);
    const PowerWatchOptions options_;
    std::optional<BoxTime> looked_;
    std::optional<PowerLevel> written_;
    mutable std::mutex mutex_;
    PowerPlan plan_;  // all under mutex_
    PowerReading reading_;
    std::optional<BoxTime> undervoltage_;  // when it was seen last
};

}  // namespace waypost
