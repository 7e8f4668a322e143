// SPDX-License-Identifier: Apache-2.0
// When a packet that failed is tried again: after a minute, then twice as long each time, at most
// an hour. In box time; forgotten with the process, so that a restart tries all at once.
#pragma once

#include <chrono>
#include <map>

#include "bridges/nncp/spool/spool.h"
#include "gateway/base/clock.h"

namespace waypost::nncp {

class Retries {
  public:
    static constexpr std::chrono::minutes kFirst{1};
    static constexpr std::chrono::minutes kLongest{60};

    // For the `failures`th time.
    void failed(const SpoolPacket& packet, int failures, BoxTime now);
    void ended(const SpoolPacket& packet) { due_.erase(key(packet)); }
    bool waits(const SpoolPacket& packet, BoxTime now) const;
    // How long until the next one is due, at most `most`. One that is due already has had its turn,
    // was held up by somebody's lock, or is gone from the spool: it is waited for no more.
    milliseconds until_next(BoxTime now, milliseconds most);

  private:
    using Key = std::pair<NodeId, Mth>;
    static Key key(const SpoolPacket& packet) { return {packet.node, packet.name}; }
    std::map<Key, BoxTime> due_;
};

}  // namespace waypost::nncp
