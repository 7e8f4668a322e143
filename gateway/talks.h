// SPDX-License-Identifier: Apache-2.0
// Who here talked last with whom outside, for networks that give one address to the whole village:
// an answer that names nobody is for him. Kept in the transport's state ("talk/URI": "ana TIME"),
// for 30 days. Any thread.
#pragma once

#include <mutex>
#include <string>

#include "gateway/base/lru_map.h"
#include "gateway/transport.h"

namespace waypost {

class Talks {
  public:
    // Forgets the old ones. Beyond `most` the one that was used longest ago is forgotten. `state`
    // outlives it. Throws std::runtime_error if it cannot be read.
    Talks(TransportState& state, std::size_t most, WallTime now);

    // `handle` wrote to him, or is written to by him.
    void talked(const Address& outsider, const std::string& handle, WallTime now);
    // The handle; empty: nobody lately.
    std::string last(const Address& outsider, WallTime now);

  private:
    struct Talk {
        std::string handle;
        std::int64_t at_ms = 0;
        bool goes_on(WallTime now) const;
    };
    static Talk read(const std::string& kept);

    TransportState& state_;
    std::mutex mutex_;
    LruMap<Talk> talks_;  // by the key in the state
};

}  // namespace waypost
