// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/ask_limit.h"

namespace waypost {
namespace {

constexpr char kTheRest[] = "";
constexpr std::int64_t kSweepEveryMs = 10'000;

}  // namespace

bool AskLimit::may_ask(const std::string& who, BoxTime now) {
    const std::int64_t now_ms = to_ms(now);
    return bucket_of(who, now_ms).take(size_, 1, now_ms);
}

// Who has not asked for so long that his measure is full again is no different from a newcomer.
TokenBucket& AskLimit::bucket_of(const std::string& who, std::int64_t now_ms) {
    const auto found = buckets_.find(who);
    if (found != buckets_.end()) return found->second;
    if (buckets_.size() >= most_ && now_ms - swept_ms_ >= kSweepEveryMs) {
        swept_ms_ = now_ms;
        std::erase_if(buckets_, [&](const auto& each) {
            return each.second.level(size_, now_ms) >= size_.most;
        });
    }
    const std::string& name = buckets_.size() < most_ ? who : kTheRest;
    return buckets_.try_emplace(name, size_.most, now_ms).first->second;
}

}  // namespace waypost
