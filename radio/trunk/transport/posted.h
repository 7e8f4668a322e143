// SPDX-License-Identifier: Apache-2.0
// What other threads want the owner's thread to do. It outlives its owner: late words of the store
// find nobody, and do no harm.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "gateway/base/clock.h"

namespace waypost::trunk {

class Posted {
  public:
    using Job = std::function<void(BoxTime)>;

    explicit Posted(std::function<void()> wake) : wake_(std::move(wake)) {}

    // Any thread. False: too late, it will not run.
    bool put(Job job) {
        const std::lock_guard lock(mutex_);
        if (shut_) return false;
        jobs_.push_back(std::move(job));
        wake_();
        return true;
    }
    std::deque<Job> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(jobs_, {});
    }
    // No job runs any more, nor is anybody woken.
    void shut() {
        const std::lock_guard lock(mutex_);
        shut_ = true;
        jobs_.clear();
    }

  private:
    std::mutex mutex_;
    const std::function<void()> wake_;
    std::deque<Job> jobs_;
    bool shut_ = false;
};

}  // namespace waypost::trunk
