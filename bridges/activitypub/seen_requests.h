// SPDX-License-Identifier: Apache-2.0
// The signatures of the last requests that were taken: who sends one again, word for word, has
// listened to it on its way, or did not hear the answer. In memory: of those before a restart each
// is known by the id of what it brought, or changes nothing the second time; but for a Follow or
// Block that was undone since, for as long as its date is taken. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "gateway/base/lru_map.h"

namespace waypost::activitypub {

class SeenRequests {
  public:
    static constexpr std::size_t kMost = 4096;

    // By the bytes of the signature, which covers the path, the host and the digest of the body.
    bool has(const std::string& signature);
    void note(const std::string& signature);

  private:
    std::mutex mutex_;
    LruMap<char> seen_{kMost};
};

}  // namespace waypost::activitypub
