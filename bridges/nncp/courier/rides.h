// SPDX-License-Identifier: Apache-2.0
// Which packets go on a stick. A copy is no arrival: sticks are lost. So what rode stays in our
// queue until an ACK or a call takes it away, and rides the next stick too. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "bridges/nncp/courier/book.h"

namespace waypost::nncp {

// A box without a battery clock begins in 1970: such a time is none.
std::int64_t plausible_seconds(std::int64_t unix_seconds);

struct RideRules {
    // After so many, on any sticks, it is taken to have arrived, where its node sends no ACKs. 0:
    // no ride is an arrival.
    int rides = 0;
    std::set<NodeId> answering;  // next hops of nodes that send ACKs: `rides` is not asked
    std::int64_t keep_seconds = 180 * 86400;  // what rode leaves so long after it was made
    // It may ride the same stick again, if it is gone there; then after twice as long, and so on.
    std::int64_t again_seconds = 7 * 86400;
    // Nobody acknowledges our own ACKs: they leave after so many rides, or so long after the last.
    int ack_rides = 3;
    std::int64_t ack_seconds = 30 * 86400;
};

class Rides {
  public:
    // What all sticks carried, and the one that is here.
    Rides(const std::vector<StickRecord>& all, const StickRecord& here, const RideRules& rules,
          std::int64_t now);
    // `lies_there`: a copy is on the stick. Such a one is looked at again, as it may be damaged.
    bool skip(const SpoolPacket& packet, bool lies_there) const;
    // `made`: Unix seconds at which it was queued; 0: not known.
    bool enough(const SpoolPacket& packet, std::int64_t made = 0) const;
    void rode(const SpoolPacket& packet);
    // The rides of the stick that is here, of those packets that still wait.
    std::vector<Ride> here(const std::vector<SpoolPacket>& waiting) const;

  private:
    using Key = std::pair<NodeId, Mth>;
    struct Sum {
        int times = 0;
        std::int64_t last = 0;
    };
    void count(const Ride& ride);
    bool passed(std::int64_t since, std::int64_t seconds) const;
    const RideRules rules_;
    const std::int64_t now_;
    std::map<Key, Sum> sums_;
    std::map<Key, Ride> here_;
};

}  // namespace waypost::nncp
