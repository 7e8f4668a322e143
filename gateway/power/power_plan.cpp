// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_plan.h"

namespace waypost {
namespace {

constexpr int kNear = 5;  // percent

}  // namespace

const char* to_string(PowerLevel level) {
    switch (level) {
        case PowerLevel::Full:
            return "full";
        case PowerLevel::NoWifi:
            return "no-wifi";
        case PowerLevel::NoConsole:
            return "no-console";
    }
    return "";
}

const char* goes_off(std::optional<PowerLevel> soon) {
    if (!soon) return "";
    return *soon == PowerLevel::NoWifi ? "wifi" : "console";
}

// One that is off stays off until there is more than what switched it off.
PowerLevel PowerPlan::wanted(const PowerReading& reading, const PowerSettings& settings) const {
    if (reading.mains == true) return PowerLevel::Full;
    if (!reading.percent) return level_;
    const auto off = [&](int below, PowerLevel level) {
        return *reading.percent < below + (level_ >= level && below > 0 ? kBackAbove : 0);
    };
    if (off(settings.console_off_below, PowerLevel::NoConsole)) return PowerLevel::NoConsole;
    if (off(settings.wifi_off_below, PowerLevel::NoWifi)) return PowerLevel::NoWifi;
    return PowerLevel::Full;
}

std::optional<PowerLevel> PowerPlan::coming(const PowerReading& reading,
                                            const PowerSettings& settings) const {
    if (next_) return next_->level > level_ ? std::optional(next_->level) : std::nullopt;
    if (!reading.runs_down()) return std::nullopt;
    const auto near = [&](int below, PowerLevel level) {
        return level_ < level && below > 0 && *reading.percent < below + kNear;
    };
    if (near(settings.console_off_below, PowerLevel::NoConsole)) return PowerLevel::NoConsole;
    if (near(settings.wifi_off_below, PowerLevel::NoWifi)) return PowerLevel::NoWifi;
    return std::nullopt;
}

PowerLevel PowerPlan::look(const PowerReading& reading, const PowerSettings& settings,
                           BoxTime now) {
    const PowerLevel wish = wanted(reading, settings);
    if (wish == level_) {
        next_.reset();
    } else if (!next_ || next_->level != wish) {
        next_ = Next{wish, now + settings.wait};
    }
    if (next_ && now >= next_->at) {
        level_ = next_->level;
        next_.reset();
    }
    soon_ = coming(reading, settings);
    return level_;
}

}  // namespace waypost
