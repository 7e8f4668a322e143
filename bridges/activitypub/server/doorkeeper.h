// SPDX-License-Identifier: Apache-2.0
// How much of the door one address may have: so many requests a minute, so many in hand at once.
// Thread-safe; memory is bounded.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "gateway/base/ask_limit.h"

namespace waypost::activitypub {

class Doorkeeper {
  public:
    // Addresses that have a measure of their own: some megabytes, while so many come.
    static constexpr std::size_t kMostKnown = 20'000;

    Doorkeeper(int per_minute, int at_once)
        : at_once_(at_once), limit_({per_minute * 1.0, per_minute * 60.0}, kMostKnown) {}

    // A request in hand, until it goes.
    class Admitted {
      public:
        Admitted(Doorkeeper& keeper, std::string who) : keeper_(&keeper), who_(std::move(who)) {}
        Admitted(Admitted&& other) noexcept
            : keeper_(std::exchange(other.keeper_, nullptr)), who_(std::move(other.who_)) {}
        Admitted& operator=(Admitted&&) = delete;
        ~Admitted();

      private:
        Doorkeeper* keeper_;
        std::string who_;
    };
    // nullopt: too much. `who`: as household_of names an address. Box time, or any that only moves
    // forward.
    std::optional<Admitted> admit(const std::string& who, BoxTime now);
    std::size_t known() const;  // how many are kept in memory

  private:
    const int at_once_;
    mutable std::mutex mutex_;
    AskLimit limit_;
    std::map<std::string, int> in_hand_;
};

}  // namespace waypost::activitypub
