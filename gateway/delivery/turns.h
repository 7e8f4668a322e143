// SPDX-License-Identifier: Apache-2.0
// Whose turn it is on one network of radios. All who have something waiting stand in one line; a
// turn is one delivery, and who had it goes to the end. Your place is the time at which what you
// have waiting came, or that of your last turn if that is later. So turns go between people and not
// between messages, and each thing that somebody has waiting takes one round of the line, his first
// as anybody's.
//
// Each person has an account of airtime: a token bucket that fills with a share of what the
// network's devices may send in an hour. What is sent on his account (what he wrote, what came for
// him from outside, answers to him) is taken from it. While there is something in it, what is
// urgent for him (answers and receipts) goes before the line. Who has overdrawn it waits longer,
// but not without end: his waiting counts a third. Bulk goes after the line. Radios without a name
// and whoever else is no person share one more account: with that empty they come after all.
//
// Accounts live in memory and only where something was spent: one that has filled up again is
// dropped an hour after its last turn, so there are never more than people who sent lately. A
// restart gives everybody a full account, which is worth some seconds of airtime. Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/token_bucket.h"
#include "gateway/custody/fair_use.h"
#include "gateway/message/message.h"

namespace waypost {

struct Waiting {
    Priority priority = Priority::Normal;
    std::string turn;
    BoxTime since{};  // the oldest that can go for this turn at this priority
};

class Turns {
  public:
    explicit Turns(FairUse use = {}) : use_(use) {}

    // What the network's devices may send in an hour; 0: no limit is known.
    void set_budget(milliseconds an_hour);
    // Who goes first comes first. Within one account the higher priority does.
    void sort(std::vector<Waiting>& waiting, BoxTime now);
    // He has his turn, for so much airtime: to the end of the line.
    void take(const std::string& turn, milliseconds airtime, BoxTime now);
    // Nothing left in it: what he paid and his place are his again.
    void give_back(const std::string& turn, milliseconds airtime, BoxTime now);
    // What a turn cost beside what was taken for it. Negative: less. An account may be overdrawn,
    // down to what one burst is worth.
    void spend(const std::string& turn, milliseconds airtime, BoxTime now);
    milliseconds left(const std::string& turn, BoxTime now) const;
    std::map<std::string, milliseconds> all(BoxTime now) const;  // accounts, and what is left

    // What a delivery is taken to cost until its outcome says it.
    milliseconds estimate() const { return estimate_; }
    void learn(milliseconds airtime);
    std::size_t accounts() const { return accounts_.size(); }

    // Of nobody with a name here.
    static bool is_stranger(const std::string& turn);

  private:
    struct Account {
        TokenBucket bucket;
        BoxTime last{};    // turn
        BoxTime before{};  // the one before that
        std::uint64_t served = 0;
    };
    struct Place {
        int tier;
        double waited;  // as it counts, milliseconds
        std::uint64_t served;
        Priority priority;
    };
    BucketSize person_size() const;
    BucketSize strangers_size() const;
    Account& account_of(const std::string& turn, BoxTime now);
    void charge(Account& account, const BucketSize& size, milliseconds airtime, BoxTime now);
    Place place(const Waiting& waiting, bool strangers_may, BoxTime now) const;
    void drop_full(BoxTime now);

    FairUse use_;
    double hour_ms_ = 0;
    milliseconds estimate_{1000};
    std::map<std::string, Account> accounts_;
    Account strangers_{TokenBucket(1e18, 0), {}, {}, 0};
    std::uint64_t turns_ = 0;
    BoxTime looked_{};
};

}  // namespace waypost
