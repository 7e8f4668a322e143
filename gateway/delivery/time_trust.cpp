// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/time_trust.h"

namespace waypost {
namespace {

constexpr std::chrono::hours kJump{1};
// Switched off for a month is a life a box may have; sixteen years in a night is a dead battery.
constexpr std::chrono::hours kLongestRest{24 * 45};

}  // namespace

TimeTrust::TimeTrust(const Clock& clock, std::int64_t believed_wall_ms, std::int64_t seen_wall_ms,
                     bool kept)
    : clock_(clock) {
    anchor();
    const auto unseen = wall_ - wall_from_ms(seen_wall_ms);
    if (seen_wall_ms != 0 && (unseen < -kJump || unseen > kLongestRest)) jumped_ = unseen;
    if (clock_.synchronised()) return;
    if (!kept) why_ = "nobody has told the time since the box was switched on";
    if (believed_wall_ms == 0 || !kept) return;
    const auto rest = wall_ - wall_from_ms(believed_wall_ms);
    if (rest < -kJump) why_ = "the clock is behind what it was before the restart";
    if (rest > kLongestRest) why_ = "the clock is far ahead of what it was before the restart";
}

bool TimeTrust::look() {
    const auto jump = (clock_.wall() - wall_) - (clock_.box() - box_);
    if (jump > kJump) why_ = "the clock jumped forward";
    if (jump < -kJump) why_ = "the clock jumped back";
    if (jump > kJump || jump < -kJump) jumped_ += jump;
    if (clock_.synchronised()) why_.clear();
    anchor();
    return why_.empty();
}

void TimeTrust::confirm() {
    look();
    why_.clear();
}

void TimeTrust::anchor() {
    wall_ = clock_.wall();
    box_ = clock_.box();
}

}  // namespace waypost
