// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/turns.h"

#include <algorithm>
#include <tuple>

namespace waypost {
namespace {

// Where no law limits a device, a quarter of the hour is what a channel can bear.
constexpr double kUnlimitedHourMs = 900'000;
constexpr milliseconds kDropEvery = std::chrono::minutes(10);
constexpr std::chrono::hours kPlaceKept{1};
constexpr int kLearnOver = 8;          // deliveries
constexpr double kOverdrawnWaits = 3;  // times as long as others

constexpr int kBeforeLine = 0;
constexpr int kInLine = 1;
constexpr int kAfterLine = 2;
constexpr int kLast = 3;

}  // namespace

bool Turns::is_stranger(const std::string& turn) {
    return turn.empty() || turn == "-" || turn.find(':') != std::string::npos;
}

void Turns::set_budget(milliseconds an_hour) { hour_ms_ = static_cast<double>(an_hour.count()); }

BucketSize Turns::person_size() const {
    const double hour = hour_ms_ > 0 ? hour_ms_ : kUnlimitedHourMs;
    return {static_cast<double>(use_.person_burst.count()), hour * use_.person_share};
}

BucketSize Turns::strangers_size() const {
    const double hour = hour_ms_ > 0 ? hour_ms_ : kUnlimitedHourMs;
    return {static_cast<double>(use_.person_burst.count()), hour * use_.stranger_share};
}

void Turns::charge(Account& account, const BucketSize& size, milliseconds airtime, BoxTime now) {
    account.bucket.spend(size, static_cast<double>(airtime.count()), -size.most, to_ms(now));
}

Turns::Account& Turns::account_of(const std::string& turn, BoxTime now) {
    const auto full = Account{TokenBucket(person_size().most, to_ms(now)), {}, {}, 0};
    return accounts_.emplace(turn, full).first->second;
}

void Turns::spend(const std::string& turn, milliseconds airtime, BoxTime now) {
    charge(account_of(turn, now), person_size(), airtime, now);
    if (is_stranger(turn)) charge(strangers_, strangers_size(), airtime, now);
    if (now - looked_ >= kDropEvery) drop_full(now);
}

void Turns::take(const std::string& turn, milliseconds airtime, BoxTime now) {
    Account& account = account_of(turn, now);
    account.before = account.last;
    account.last = now;
    account.served = ++turns_;
    spend(turn, airtime, now);
}

void Turns::give_back(const std::string& turn, milliseconds airtime, BoxTime now) {
    Account& account = account_of(turn, now);
    account.last = account.before;
    spend(turn, -airtime, now);
}

milliseconds Turns::left(const std::string& turn, BoxTime now) const {
    const BucketSize size = person_size();
    const auto account = accounts_.find(turn);
    const double left =
        account == accounts_.end() ? size.most : account->second.bucket.level(size, to_ms(now));
    return milliseconds(static_cast<std::int64_t>(left));
}

std::map<std::string, milliseconds> Turns::all(BoxTime now) const {
    std::map<std::string, milliseconds> result;
    for (const auto& [turn, account] : accounts_) result[turn] = left(turn, now);
    return result;
}

void Turns::drop_full(BoxTime now) {
    looked_ = now;
    const BucketSize size = person_size();
    std::erase_if(accounts_, [&](const auto& each) {
        return now - each.second.last >= kPlaceKept &&
               each.second.bucket.level(size, to_ms(now)) >= size.most;
    });
}

Turns::Place Turns::place(const Waiting& waiting, bool strangers_may, BoxTime now) const {
    const BucketSize size = person_size();
    const auto account = accounts_.find(waiting.turn);
    const bool fresh = account == accounts_.end();
    const double left = fresh ? size.most : account->second.bucket.level(size, to_ms(now));
    const BoxTime since = fresh ? waiting.since : std::max(waiting.since, account->second.last);
    const auto waited = static_cast<double>((now - since).count());
    const std::uint64_t served = fresh ? 0 : account->second.served;
    const double counts = left > 0 ? waited : waited / kOverdrawnWaits;
    int tier = kInLine;
    if (is_stranger(waiting.turn) && !strangers_may) {
        tier = kLast;
    } else if (waiting.priority == Priority::Bulk) {
        tier = kAfterLine;
    } else if (waiting.priority == Priority::Urgent && left > 0) {
        tier = kBeforeLine;
    }
    return {tier, counts, served, waiting.priority};
}

void Turns::sort(std::vector<Waiting>& waiting, BoxTime now) {
    const bool strangers_may = strangers_.bucket.level(strangers_size(), to_ms(now)) > 0;
    std::vector<std::pair<Place, Waiting>> placed;
    placed.reserve(waiting.size());
    for (Waiting& each : waiting) {
        const Place at = place(each, strangers_may, now);
        placed.emplace_back(at, std::move(each));
    }
    const auto key = [](const Place& p) {
        return std::tuple(p.tier, -p.waited, p.served, static_cast<int>(p.priority));
    };
    std::stable_sort(placed.begin(), placed.end(),
                     [&](const auto& a, const auto& b) { return key(a.first) < key(b.first); });
    for (std::size_t i = 0; i < placed.size(); ++i) waiting[i] = std::move(placed[i].second);
}

void Turns::learn(milliseconds airtime) { estimate_ += (airtime - estimate_) / kLearnOver; }

}  // namespace waypost
