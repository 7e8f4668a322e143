// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/seen_requests.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "gateway/base/encoding.h"

namespace waypost::activitypub {
namespace {

constexpr char kSeen[] = "seen/";  // and a hash of the signature: when it was taken
// A date is taken twelve hours to either side (signature.h): it may be of the next morning.
constexpr std::int64_t kKeptFor = 25 * 60 * 60;  // seconds

}  // namespace

SeenRequests::SeenRequests(TransportState& state) : state_(state) {
    std::vector<std::pair<std::int64_t, std::string>> kept;
    for (const auto& [key, at] : state_.with_prefix(kSeen))
        kept.emplace_back(std::strtoll(at.c_str(), nullptr, 10), key.substr(sizeof kSeen - 1));
    std::sort(kept.begin(), kept.end());
    for (auto& [at, key] : kept) put_kept(std::move(key));
}

void SeenRequests::put_kept(std::string key) {
    kept_.put(std::move(key), {}, [this](const std::string& dropped, std::monostate) {
        state_.erase(kSeen + dropped);
    });
}

bool SeenRequests::has(const std::string& signature) {
    const std::string key = short_hash(signature);
    const std::lock_guard lock(mutex_);
    return kept_.find(key) != nullptr || others_.find(key) != nullptr;
}

void SeenRequests::note(const std::string& signature, bool kept) {
    std::string key = short_hash(signature);
    const std::lock_guard lock(mutex_);
    if (kept) return put_kept(std::move(key));
    others_.put(std::move(key), {});
}

void SeenRequests::keep(const std::string& signature, std::int64_t now) {
    state_.put(kSeen + short_hash(signature), std::to_string(now));
}

void SeenRequests::forget_old(std::int64_t now) {
    for (const auto& [key, at] : state_.with_prefix(kSeen)) {
        const std::int64_t taken = std::strtoll(at.c_str(), nullptr, 10);
        if (now - taken > kKeptFor) state_.erase(key);
    }
}

}  // namespace waypost::activitypub
