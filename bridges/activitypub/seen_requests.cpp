// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/seen_requests.h"

#include "gateway/base/encoding.h"

namespace waypost::activitypub {

bool SeenRequests::has(const std::string& signature) {
    const std::string key = short_hash(signature);
    const std::lock_guard lock(mutex_);
    return seen_.find(key) != nullptr;
}

void SeenRequests::note(const std::string& signature) {
    std::string key = short_hash(signature);
    const std::lock_guard lock(mutex_);
    seen_.put(std::move(key), 0);
}

}  // namespace waypost::activitypub
