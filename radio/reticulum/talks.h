// SPDX-License-Identifier: Apache-2.0
// Who here wrote last to somebody outside, whose answer names nobody: it is for him. Kept in the
// transport's state for 30 days. Any thread.
#pragma once

#include <mutex>
#include <string>

#include "gateway/base/lru_map.h"
#include "gateway/transport.h"

namespace waypost::reticulum {

class Talks {
  public:
    static constexpr std::size_t kMost = 5'000;  // then the one used longest ago is forgotten

    // `state` outlives it. Throws std::runtime_error if it cannot be read.
    Talks(TransportState& state, WallTime now);

    // `handle` wrote to this address.
    void wrote(const std::string& address, const std::string& handle, WallTime now);
    // Empty: nobody did.
    std::string partner(const std::string& address, WallTime now);

  private:
    struct Talk {
        std::string handle;
        std::int64_t at_ms = 0;
        bool goes_on(WallTime now) const;
    };

    TransportState& state_;
    std::mutex mutex_;
    LruMap<Talk> talks_{kMost};  // by address; under mutex_
};

}  // namespace waypost::reticulum
