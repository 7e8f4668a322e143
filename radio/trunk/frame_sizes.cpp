// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/frame_sizes.h"

#include <algorithm>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

constexpr double kFade = 0.995;     // by each frame counted: the air changes
constexpr double kHeavyLoss = 0.3;  // worth trying shorter frames
constexpr double kWorth = 1.03;     // less gain than this changes nothing

}  // namespace

std::size_t FrameSizes::nearest(std::size_t bytes) {
    if (bytes >= 200) return 0;
    return bytes >= 140 ? 1 : 2;
}

void FrameSizes::count(std::size_t bytes, int sent, int missing) {
    for (int i = 0; i < sent; ++i) {
        for (Seen& seen : seen_) seen = {seen.sent * kFade, seen.lost * kFade};
        Seen& seen = seen_[nearest(bytes)];
        seen.sent += 1;
        seen.lost += i < missing ? 1 : 0;
    }
}

double FrameSizes::carried(std::size_t which, const Airtime& airtime) const {
    const std::size_t bytes = kSizes[which];
    return static_cast<double>(bytes - kFragmentOverhead) * (1 - seen_[which].loss()) /
           static_cast<double>(airtime(bytes).count());
}

std::size_t FrameSizes::next(std::size_t payload, const Airtime& airtime) {
    const Seen& present = seen_[present_];
    if (present.known()) {
        for (std::size_t other = 0; other < kSizes.size(); ++other)
            if (other != present_ && seen_[other].known() &&
                carried(other, airtime) > kWorth * carried(present_, airtime))
                present_ = other;
        const double loss = seen_[present_].loss();
        const std::size_t shorter = std::min(present_ + 1, kSizes.size() - 1);
        const std::size_t longer = present_ == 0 ? 0 : present_ - 1;
        // What is known of longer frames fades: then they are tried again.
        if (!seen_[longer].known()) {
            present_ = longer;
        } else if (loss > kHeavyLoss && !seen_[shorter].known()) {
            present_ = shorter;
        }
    }
    return std::min(payload, kSizes[present_]);
}

}  // namespace waypost::trunk
