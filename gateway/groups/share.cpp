// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/share.h"

#include <sstream>

namespace waypost {
namespace {

constexpr char kState[] = "group-share";  // handle -> when his tokens were taken, box time
constexpr store::Ms kHour = std::chrono::milliseconds(std::chrono::hours(1)).count();

}  // namespace

bool take_share(Ledger& ledger, const std::string& handle) {
    auto& state = ledger.tables().state;
    const store::Ms now = ledger.box().box_ms();
    std::istringstream taken(state.get(kState, handle).value_or(""));
    std::string still;
    int count = 0;
    for (store::Ms at = 0; taken >> at;) {
        if (now - at >= kHour) continue;
        still += std::to_string(at) + ' ';
        ++count;
    }
    if (count >= ledger.box().settings.groups.radio_posts_per_hour) return false;
    state.put(kState, handle, still + std::to_string(now));
    return true;
}

}  // namespace waypost
