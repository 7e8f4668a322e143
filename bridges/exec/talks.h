// SPDX-License-Identifier: Apache-2.0
// Whom somebody outside means who names nobody: many networks give one address to the whole
// village. The text names a person at its beginning ("@ana hello"), or goes to the one here who
// wrote to him last. Kept in the transport's state. Any thread.
#pragma once

#include <mutex>
#include <string>

#include "gateway/base/lru_map.h"
#include "gateway/transport.h"

namespace waypost::exec {

class Talks {
  public:
    // Beyond it the one that was used longest ago is forgotten.
    static constexpr std::size_t kMost = 10'000;

    // Forgets the old ones. Throws std::runtime_error if the store cannot be read. `state` outlives
    // it.
    Talks(TransportState& state, WallTime now);

    // `handle` wrote to him, or is written to by him.
    void talked(const Address& outsider, const std::string& handle, WallTime now);
    // The handle, with "@ana " cut from the text; empty: nobody is meant.
    std::string meant(const Address& outsider, std::string& text, WallTime now);

  private:
    struct Talk {
        std::string handle;
        std::int64_t at_ms = 0;
        bool goes_on(WallTime now) const;
    };
    static Talk read(const std::string& kept);

    TransportState& state_;
    std::mutex mutex_;
    LruMap<Talk> talks_{kMost};  // by the key in the state
};

}  // namespace waypost::exec
