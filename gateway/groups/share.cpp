// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/share.h"

#include <sstream>

#include "gateway/custody/group_door.h"

namespace waypost {
namespace {

constexpr store::Ms kHour = std::chrono::milliseconds(std::chrono::hours(1)).count();

}  // namespace

bool take_share(Ledger& ledger, const std::string& handle) {
    auto& state = ledger.tables().state;
    const store::Ms now = ledger.box().box_ms();
    // When each of his tokens was taken, in box time.
    std::istringstream taken(state.get(kGroupShareState, handle).value_or(""));
    std::string still;
    int count = 0;
    for (store::Ms at = 0; taken >> at;) {
        if (now - at >= kHour) continue;
        still += std::to_string(at) + ' ';
        ++count;
    }
    if (count >= ledger.box().settings->groups.radio_posts_per_hour) return false;
    state.put(kGroupShareState, handle, still + std::to_string(now));
    return true;
}

}  // namespace waypost
