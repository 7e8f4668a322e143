// SPDX-License-Identifier: Apache-2.0
// How long a machine that was lost is left alone: each time twice as long, up to a minute, and up
// to a quarter more, so that those who lost it together do not come back together. Pure.
#pragma once

#include <algorithm>
#include <chrono>

#include "gateway/base/random.h"

namespace waypost {

class ReconnectPauses {
  public:
    static constexpr std::chrono::milliseconds kLongest{60'000};

    ReconnectPauses(std::chrono::milliseconds first, Random& random)
        : first_(first), pause_(first), random_(random) {}

    std::chrono::milliseconds next() {
        const auto pause = pause_;
        pause_ = std::min(pause_ * 2, kLongest);
        const auto quarter = static_cast<std::uint64_t>(pause.count()) / 4;
        return pause + std::chrono::milliseconds(random_.below(quarter + 1));
    }
    void went_well() { pause_ = first_; }

  private:
    const std::chrono::milliseconds first_;
    std::chrono::milliseconds pause_;
    Random& random_;
};

}  // namespace waypost
