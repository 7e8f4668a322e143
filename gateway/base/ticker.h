// SPDX-License-Identifier: Apache-2.0
// A thread that does something again and again until it is stopped.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/base/clock.h"

namespace waypost {

class Ticker {
  public:
    Ticker() = default;
    ~Ticker() { stop(); }
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

    // Once; the first time after `every`.
    void start(milliseconds every, std::function<void()> work) {
        thread_ = std::thread([this, every, work = std::move(work)] {
            for (;;) {
                std::unique_lock lock(mutex_);
                if (changed_.wait_for(lock, every, [this] { return stopping_; })) return;
                lock.unlock();
                work();
            }
        });
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
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // under mutex_
    std::thread thread_;
};

}  // namespace waypost
