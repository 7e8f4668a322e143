// SPDX-License-Identifier: Apache-2.0
// Whose turn it is on one network of radios. Each person has an account of airtime: a token bucket
// that fills with a share of what the network's devices may send in an hour. What is sent on his
// account (what he wrote, what came for him from outside, answers to him) is taken from it, of
// whatever priority. Who has most in his account goes first, so turns go between people and not
// between messages; who has overdrawn it goes when nobody else waits. Radios without a name and
// whoever else is no person share one more account: with that empty they come after all people.
//
// Accounts live in memory and only where something was spent: one that has filled up again is
// dropped, so there are never more than people who sent lately. A restart gives everybody a full
// account, which is worth some seconds of airtime. Not thread-safe.
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
};

class Turns {
  public:
    explicit Turns(FairUse use = {}) : use_(use) {}

    // What the network's devices may send in an hour; 0: no limit is known.
    void set_budget(milliseconds an_hour);
    // Who goes first comes first. Within one account the higher priority does.
    void sort(std::vector<Waiting>& waiting, BoxTime now);
    // Negative: given back. An account may be overdrawn, down to what one burst is worth.
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
        std::uint64_t served = 0;  // the turn it had last
    };
    struct Place {
        int tier;
        double left;
        std::uint64_t served;
        Priority priority;
    };
    BucketSize person_size() const;
    BucketSize strangers_size() const;
    void charge(Account& account, const BucketSize& size, milliseconds airtime, BoxTime now);
    Place place(const Waiting& waiting, bool strangers_may, BoxTime now) const;
    void drop_full(BoxTime now);

    FairUse use_;
    double hour_ms_ = 0;
    milliseconds estimate_{1000};
    std::map<std::string, Account> accounts_;
    Account strangers_{TokenBucket(1e18, 0), 0};
    std::uint64_t turns_ = 0;
    BoxTime looked_{};
};

}  // namespace waypost
