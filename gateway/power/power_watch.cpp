// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_watch.h"

#include <cstdio>

#include "gateway/base/durable_file.h"
#include "gateway/base/log.h"

namespace waypost {
namespace {

constexpr std::chrono::seconds kReadEvery{10};
// A supply that is too weak is so now and then, whenever something draws more.
constexpr std::chrono::minutes kWeakFor{10};

const char* in_words(PowerLevel level) {
    return level == PowerLevel::NoWifi      ? "the Wi-Fi is off"
           : level == PowerLevel::NoConsole ? "Wi-Fi and console are off"
                                            : "";
}

}  // namespace

std::string in_words(const PowerFacts& facts) {
    std::string words;
    const auto add = [&](const std::string& each, const char* between = ", ") {
        words += (words.empty() ? "" : between) + each;
    };
    if (facts.percent) add("battery at " + std::to_string(*facts.percent) + " %");
    if (facts.millivolts) {
        char volts[16];
        std::snprintf(volts, sizeof volts, "%.1f V", *facts.millivolts / 1000.0);
        add(volts);
    }
    if (facts.mains) add(*facts.mains ? "on mains" : "no mains");
    if (facts.charging) add("charging");
    if (facts.undervoltage) add("voltage too low");
    if (facts.level != PowerLevel::Full) add(in_words(facts.level), "; ");
    return words;
}

PowerReading PowerWatch::read() const {
    PowerReading reading = read_power(options_.sys);
    if (options_.radio_percent) {
        if (const auto percent = options_.radio_percent()) reading.percent = percent;
    }
    return reading;
}

// It changes a few times in a battery's life, and is read by who switches things off.
void PowerWatch::write(PowerLevel level) {
    if (options_.file.empty() || written_ == level) return;
    const auto done = write_durably({options_.file, std::string(to_string(level)) + '\n', 0640});
    if (!done.ok()) log(Level::Warning, "power", "not-written", {{"why", done.error().text}});
    written_ = level;  // said once: the next level is another try
}

PowerLevel PowerWatch::look(const PowerSettings& settings, BoxTime now) {
    if (looked_ && now - *looked_ < kReadEvery) return plan_.level();
    looked_ = now;
    const PowerReading reading = read();
    PowerLevel before{}, level{};
    {
        const std::lock_guard lock(mutex_);
        reading_ = reading;
        if (reading.undervoltage) undervoltage_ = now;
        before = plan_.level();
        level = plan_.look(reading, settings, now);
    }
    if (level != before)
        log(level > before ? Level::Warning : Level::Info, "power", to_string(level),
            {{"battery", reading.percent ? std::to_string(*reading.percent) : "unknown"}});
    write(level);
    return level;
}

PowerFacts PowerWatch::facts(BoxTime now) const {
    const std::lock_guard lock(mutex_);
    PowerFacts facts;
    static_cast<PowerReading&>(facts) = reading_;
    facts.undervoltage = undervoltage_ && now - *undervoltage_ < kWeakFor;
    facts.level = plan_.level();
    facts.soon = plan_.soon();
    return facts;
}

}  // namespace waypost
