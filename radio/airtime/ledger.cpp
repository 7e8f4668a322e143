// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/ledger.h"

#include <algorithm>
#include <sstream>

namespace waypost {
namespace {

constexpr std::chrono::hours kWindow{1};
constexpr std::chrono::minutes kGrain{1};
constexpr std::size_t kMostEntries = 61;

}  // namespace

void AirtimeLedger::set_budget(milliseconds budget, milliseconds reserve) {
    budget_ = budget;
    reserve_ = std::min(reserve, budget);
}

milliseconds AirtimeLedger::used(BoxTime now) const {
    milliseconds sum{0};
    for (const Entry& entry : entries_) {
        // An entry stands for its whole minute and leaves only when all of it is an hour old.
        if (entry.at + kGrain + kWindow > now) sum += entry.airtime;
    }
    return sum;
}

milliseconds AirtimeLedger::left(BoxTime now, bool alarm) const {
    const milliseconds most = alarm ? budget_ : budget_ - reserve_;
    return std::max(most - used(now), milliseconds(0));
}

bool AirtimeLedger::may_spend(BoxTime now, milliseconds airtime, bool alarm) const {
    return airtime <= left(now, alarm);
}

void AirtimeLedger::spend(BoxTime now, milliseconds airtime) {
    while (!entries_.empty() && entries_.front().at + kGrain + kWindow <= now) entries_.pop_front();
    if (!entries_.empty() && now - entries_.back().at < kGrain) {
        entries_.back().airtime += airtime;
    } else {
        entries_.push_back({now, airtime});
    }
}

BoxTime AirtimeLedger::free_at(BoxTime now, milliseconds airtime, bool alarm) const {
    if (may_spend(now, airtime, alarm)) return now;
    for (const Entry& entry : entries_) {
        const BoxTime then = entry.at + kGrain + kWindow;
        if (then > now && may_spend(then, airtime, alarm)) return then;
    }
    return now + kWindow;
}

std::string AirtimeLedger::save(BoxTime now) const {
    std::ostringstream out;
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow > now)
            out << to_ms(entry.at) << ' ' << entry.airtime.count() << '\n';
    }
    return out.str();
}

void AirtimeLedger::load(const std::string& text) {
    entries_.clear();
    std::istringstream in(text);
    std::int64_t at = 0;
    std::int64_t airtime = 0;
    while (entries_.size() < kMostEntries && in >> at >> airtime) {
        if (airtime > 0) entries_.push_back({box_from_ms(at), milliseconds(airtime)});
    }
}

}  // namespace waypost
