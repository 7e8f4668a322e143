// SPDX-License-Identifier: Apache-2.0
#include "gateway/hub/hub_clock.h"

#include <cstdlib>

namespace waypost::hub {
namespace {

constexpr std::int64_t kSlack = 250;  // ms: a slow answer is no jump of the clock

}  // namespace

WallTime HubClock::wall() const {
    if (!told_) return machine_.wall();
    return wall_from_ms(to_ms(machine_.box()) + ahead_ms_);
}

void HubClock::is(WallTime database) {
    const std::int64_t ahead = to_ms(database) - to_ms(machine_.box());
    if (told_ && std::abs(ahead - ahead_ms_) < kSlack) return;
    ahead_ms_ = ahead;
    told_ = true;
}

}  // namespace waypost::hub
