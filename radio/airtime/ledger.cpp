// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/ledger.h"

#include <algorithm>
#include <sstream>

namespace waypost {
namespace {

constexpr std::chrono::hours kWindow{1};
constexpr std::chrono::minutes kGrain{1};
constexpr std::size_t kMostEntries = 200;

}  // namespace

void AirtimeLedger::set_budget(milliseconds share, milliseconds reserve, milliseconds law) {
    share_ = share;
    reserve_ = std::min(reserve, share);
    law_ = law;
}

// An entry stands for its whole minute and leaves only when all of it is an hour old.
milliseconds AirtimeLedger::used(BoxTime now) const {
    milliseconds sum{0};
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow > now) sum += entry.airtime;
    }
    return sum;
}

milliseconds AirtimeLedger::all_used(BoxTime now) const {
    milliseconds sum{0};
    milliseconds since{0};
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow <= now) continue;
        sum += entry.airtime + entry.beside;
        if (entry.at >= observed_) since += entry.airtime + entry.beside;
    }
    const bool known = observed_ != BoxTime{} && observed_ + kWindow > now;
    return known ? std::max(sum, observed_all_ + since) : sum;
}

milliseconds AirtimeLedger::left(BoxTime now, bool alarm) const {
    const milliseconds most = std::min(share_ - used(now), law_ - all_used(now));
    return std::max(most - (alarm ? milliseconds(0) : reserve_), milliseconds(0));
}

bool AirtimeLedger::may_spend(BoxTime now, milliseconds airtime, bool alarm) const {
    return airtime <= left(now, alarm);
}

// What is spent after the device spoke must not join what its figure holds.
AirtimeLedger::Entry& AirtimeLedger::entry_of(BoxTime now) {
    while (!entries_.empty() && entries_.front().at + kGrain + kWindow <= now) entries_.pop_front();
    const bool join = !entries_.empty() && now - entries_.back().at < kGrain &&
                      (observed_ <= entries_.back().at || observed_ > now);
    if (!join) entries_.push_back({now, {}, {}});
    return entries_.back();
}

void AirtimeLedger::spend(BoxTime now, milliseconds airtime) { entry_of(now).airtime += airtime; }

void AirtimeLedger::spend_beside(BoxTime now, milliseconds airtime) {
    entry_of(now).beside += airtime;
}

void AirtimeLedger::observe(BoxTime now, milliseconds all) {
    observed_ = now;
    observed_all_ = all;
}

BoxTime AirtimeLedger::free_at(BoxTime now, milliseconds airtime, bool alarm) const {
    if (may_spend(now, airtime, alarm)) return now;
    for (const Entry& entry : entries_) {
        const BoxTime then = entry.at + kGrain + kWindow;
        if (then > now && may_spend(then, airtime, alarm)) return then;
    }
    return now + kWindow;
}

// What went beside is not remembered: the device tells its figure at every handshake.
std::string AirtimeLedger::save(BoxTime now, milliseconds promised) const {
    std::ostringstream out;
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow > now && entry.airtime > milliseconds(0))
            out << to_ms(entry.at) << ' ' << entry.airtime.count() << '\n';
    }
    if (promised > milliseconds(0)) out << to_ms(now) << ' ' << promised.count() << '\n';
    return out.str();
}

void AirtimeLedger::load(const std::string& text) {
    entries_.clear();
    std::istringstream in(text);
    std::int64_t at = 0;
    std::int64_t airtime = 0;
    while (entries_.size() < kMostEntries && in >> at >> airtime) {
        if (airtime > 0) entries_.push_back({box_from_ms(at), milliseconds(airtime), {}});
    }
}

}  // namespace waypost
