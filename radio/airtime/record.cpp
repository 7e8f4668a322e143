// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/record.h"

#include <algorithm>
#include <sstream>

namespace waypost {
namespace {

constexpr std::size_t kMostEntries = 200;
constexpr BoxTime kLatest = BoxTime::max() - std::chrono::hours(24);  // sums do not overflow

}  // namespace

// An entry stands for its whole minute and leaves only when all of it is an hour old.
milliseconds AirtimeRecord::used(BoxTime now) const {
    milliseconds sum{0};
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow > now) sum += entry.airtime;
    }
    return sum;
}

milliseconds AirtimeRecord::all_used(BoxTime now) const {
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

// What is spent after the device spoke must not join what its figure holds.
AirtimeRecord::Entry& AirtimeRecord::entry_of(BoxTime now) {
    while (!entries_.empty() && entries_.front().at + kGrain + kWindow <= now) entries_.pop_front();
    const bool join = !entries_.empty() && now - entries_.back().at < kGrain &&
                      (observed_ <= entries_.back().at || observed_ > now);
    if (!join) entries_.push_back({now, {}, {}});
    return entries_.back();
}

void AirtimeRecord::observe(BoxTime now, milliseconds all) {
    observed_ = now;
    observed_all_ = all;
}

BoxTime AirtimeRecord::next_relief(BoxTime now) const {
    BoxTime next = BoxTime::max();
    const auto consider = [&](BoxTime at) {
        if (at > now) next = std::min(next, at);
    };
    for (const Entry& entry : entries_) consider(entry.at + kGrain + kWindow);
    if (observed_ != BoxTime{}) consider(observed_ + kWindow);
    return next;
}

// What went beside is not remembered: the device tells its figure at every handshake.
std::string AirtimeRecord::save(BoxTime now, milliseconds promised) const {
    std::ostringstream out;
    for (const Entry& entry : entries_) {
        if (entry.at + kGrain + kWindow > now && entry.airtime > milliseconds(0))
            out << to_ms(entry.at) << ' ' << entry.airtime.count() << '\n';
    }
    if (promised > milliseconds(0)) out << to_ms(now) << ' ' << promised.count() << '\n';
    return out.str();
}

void AirtimeRecord::load(const std::string& text, BoxTime now) {
    entries_.clear();
    std::istringstream in(text);
    std::int64_t at = 0;
    std::int64_t airtime = 0;
    while (entries_.size() < kMostEntries && in >> at >> airtime) {
        const BoxTime then = std::clamp(box_from_ms(at), BoxTime{}, std::min(now, kLatest));
        const auto spent = std::min<milliseconds>(milliseconds(airtime), kWindow);
        if (spent > milliseconds(0)) entries_.push_back({then, spent, {}});
    }
}

}  // namespace waypost
