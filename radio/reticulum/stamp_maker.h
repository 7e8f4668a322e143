// SPDX-License-Identifier: Apache-2.0
// Makes the proofs of work that recipients ask for, on a thread of its own, one after the other.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "gateway/base/random.h"
#include "radio/reticulum/node.h"

namespace waypost::reticulum {

class StampMaker {
  public:
    // On the maker's thread. nullopt: none was found in sixteen times the usual tries.
    using Done = std::function<void(const std::string& wire_id, std::optional<std::string> stamp)>;

    ~StampMaker() { stop(); }
    void start(Random& random, Done done);
    void make(StampWanted wanted);
    void stop();  // what is not made yet is not told

  private:
    void run();

    Random* random_ = nullptr;
    Done done_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<StampWanted> wanted_;  // under mutex_
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace waypost::reticulum
