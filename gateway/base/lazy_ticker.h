// SPDX-License-Identifier: Apache-2.0
// A thread that does something again and again: often while there is something to be done before
// long, else seldom, so that a box that waits can sleep.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "gateway/base/clock.h"

namespace waypost {

class LazyTicker {
  public:
    LazyTicker() = default;
    ~LazyTicker() { stop(); }
    LazyTicker(const LazyTicker&) = delete;
    LazyTicker& operator=(const LazyTicker&) = delete;

    // Once; the first time after `often`. `work` says whether there is something to be done before
    // long.
    void start(milliseconds often, milliseconds seldom, std::function<bool()> work) {
        thread_ = std::thread([this, often, seldom, work = std::move(work)] {
            bool busy = true;
            while (wait(busy ? often : seldom, busy, often)) busy = work();
        });
    }
    // There is something now. Any thread.
    void nudge() {
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(nudged_, true)) return;
        }
        changed_.notify_all();
    }
    // Returns when nothing of it runs any more.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

  private:
    // False: it ends.
    bool wait(milliseconds pause, bool busy, milliseconds often) {
        std::unique_lock lock(mutex_);
        if (!busy && changed_.wait_for(lock, pause, [this] { return stopping_ || nudged_; }))
            pause = often;
        else if (!busy)
            pause = milliseconds(0);
        if (changed_.wait_for(lock, pause, [this] { return stopping_; })) return false;
        nudged_ = false;
        return true;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // under mutex_, as what follows
    bool nudged_ = false;
    std::thread thread_;
};

}  // namespace waypost
