// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>

#include "gateway/base/clock.h"

namespace waypost::simulator {

// Virtual time: what is due runs in order (of equal times: the earlier asked first), and time
// stands still while it runs. One thread.
class Scheduler {
  public:
    BoxTime now() const { return now_; }
    void after(milliseconds delay, std::function<void()> action) {
        due_.emplace(now_ + delay, std::move(action));
    }
    // Goes to the next thing due and does it; false: nothing is.
    bool step() {
        if (due_.empty()) return false;
        auto node = due_.extract(due_.begin());
        now_ = node.key();
        node.mapped()();
        return true;
    }
    // Runs everything due up to `time`, then time is `time`.
    void run_until(BoxTime time) {
        while (!due_.empty() && due_.begin()->first <= time) step();
        now_ = std::max(now_, time);
    }
    bool idle() const { return due_.empty(); }
    BoxTime next() const {
        return due_.empty() ? now_ + std::chrono::hours(1) : due_.begin()->first;
    }

  private:
    BoxTime now_ = box_from_ms(1);
    std::multimap<BoxTime, std::function<void()>> due_;
};

}  // namespace waypost::simulator
