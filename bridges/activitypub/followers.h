// SPDX-License-Identifier: Apache-2.0
// Who follows our people and groups, in the transport's state: in memory is only how many, so that
// ten thousand cost nothing. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bridges/activitypub/vocab/activity.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct Follower {
    std::string actor;       // id
    std::string inbox;       // where posts for him go: his server's shared one, if it has one
    bool waits = false;      // until who is followed has said yes
    std::string follow;      // id of his Follow
    std::string address;     // "bob@social.example"
    std::int64_t since = 0;  // Unix seconds
};

class Followers {
  public:
    static constexpr std::size_t kMost = 50'000;      // of one of ours
    static constexpr std::size_t kMostWaiting = 500;  // likewise, for a yes
    static constexpr std::size_t kMostLeft = 1000;    // inboxes; of more the first are known

    explicit Followers(TransportState& state) : state_(state) {}

    std::optional<Follower> find(const std::string& name, const std::string& actor) const;
    // False: there are as many as there may be.
    bool put(const std::string& name, const Follower& follower);
    bool remove(const std::string& name, const std::string& actor);
    // Of those who do not wait: each inbox once, in order.
    std::vector<std::string> inboxes(const std::string& name) const;
    // Those of who followed and went: posts of that time are there.
    std::vector<std::string> left(const std::string& name) const;
    void forget_left(const std::string& name, const std::string& inbox);
    std::vector<Follower> all(const std::string& name) const;
    // Who waits, of all our names.
    std::vector<std::pair<std::string, Follower>> waiting() const;
    std::size_t count(const std::string& name) const;

  private:
    std::size_t& counted(const std::string& name) const;

    TransportState& state_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::size_t> counts_;  // of names that were asked for
};

}  // namespace waypost::activitypub
