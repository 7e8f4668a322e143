// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/backoff.h"

#include <algorithm>

namespace waypost {

std::chrono::milliseconds back_off(int attempt, bool costs_airtime, Random& random) {
    using std::chrono::hours;
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    const milliseconds first = costs_airtime ? seconds(60) : seconds(30);
    const milliseconds longest = costs_airtime ? hours(6) : hours(1);
    const int doublings = std::clamp(attempt - 1, 0, 12);
    const milliseconds wait = std::min(first * (1 << doublings), longest);
    const auto fifth = static_cast<std::uint64_t>(wait.count() / 5);
    return wait - milliseconds(fifth) + milliseconds(random.below(2 * fifth + 1));
}

}  // namespace waypost
