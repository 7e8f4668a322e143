// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/pace.h"

#include <utility>

#include "gateway/base/token_bucket.h"

namespace waypost {

Pace pace_of(Talk& talk, int per_minute, store::Ms box_now) {
    if (per_minute == 0) return Pace::Fine;
    const BucketSize size{static_cast<double>(per_minute), per_minute * 60.0};
    auto bucket = TokenBucket::load(talk.pace, size, box_now);
    if (!bucket.take(size, 1, box_now)) {
        return std::exchange(talk.slowed, true) ? Pace::Drop : Pace::SlowDown;
    }
    // Only a pause of half a minute makes it worth telling again.
    if (bucket.level(size, box_now) >= size.most / 2) talk.slowed = false;
    talk.pace = bucket.save();
    return Pace::Fine;
}

}  // namespace waypost
