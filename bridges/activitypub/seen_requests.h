// SPDX-License-Identifier: Apache-2.0
// The signatures of the last requests that were taken: who sends one again, word for word, has
// listened to it on its way, or did not hear the answer. Those that may be undone (Follow, Like,
// Block, their Undo) are on disk, as long as their date is taken: else one would do it once more
// after a restart. Any other is known then by the id of what it brought, and pushes none of those
// out. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <variant>

#include "gateway/base/lru_map.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

class SeenRequests {
  public:
    static constexpr std::size_t kMost = 4096;  // that are kept, and as many others

    // Reads what is on disk.
    explicit SeenRequests(TransportState& state);

    // By the bytes of the signature, which covers the path, the host and the digest of the body.
    bool has(const std::string& signature);
    // `kept`: by keep(), so that it goes from there too when it has to make room.
    void note(const std::string& signature, bool kept);
    // With the next commit of the state, `now` in Unix seconds.
    void keep(const std::string& signature, std::int64_t now);
    // Those whose date no request may have any more.
    void forget_old(std::int64_t now);

  private:
    void put_kept(std::string key);

    TransportState& state_;
    std::mutex mutex_;
    LruMap<std::monostate> kept_{kMost}, others_{kMost};  // under mutex_; by a hash
};

}  // namespace waypost::activitypub
