// SPDX-License-Identifier: Apache-2.0
// Room for so many a day; the day begins with the first. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "gateway/base/clock.h"

namespace waypost::nncp {

class DailyRoom {
  public:
    explicit DailyRoom(int most) : most_(most) {}
    bool left(BoxTime now) {
        if (!day_ || now - *day_ < kDay) return used_ < most_;
        *this = DailyRoom(most_);
        return true;
    }
    void use(BoxTime now) {
        if (!day_) day_ = now;
        ++used_;
    }
    // Once a day: there is none left.
    bool say_so() { return !std::exchange(said_, true); }

  private:
    static constexpr std::chrono::hours kDay{24};
    int most_;
    int used_ = 0;
    std::optional<BoxTime> day_;
    bool said_ = false;
};

}  // namespace waypost::nncp
