// SPDX-License-Identifier: Apache-2.0
// Sticks and folders that a courier exchanges packets with, and what an operator decides about one
// that is not known. The desk brings those who ask and the couriers together; neither knows what
// the other is.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

struct CourierStick {
    std::string id;                     // "5A3C-11F0"
    std::string label;                  // a stranger may have written it
    std::string state;                  // "asking", "refused", "working", "safe", "failed"
    std::string text;                   // one sentence for the operator
    std::uint64_t in = 0, out = 0;      // packets of the last exchange
    std::uint64_t bytes = 0;            // of them; of one that goes on, so far in this phase
    std::optional<std::uint64_t> free;  // bytes, as of the last exchange
    bool safe = false;                  // to be pulled: all is done
    std::int64_t at_ms = 0;             // Unix time of the last change of state
};

// Any thread. Nothing waits for an exchange that goes on, nor for a medium.
class StickKeeper {
  public:
    virtual ~StickKeeper() = default;
    virtual std::vector<CourierStick> sticks() const = 0;  // those that are here
    // Whether it is used from now on. NotFound: it is not here; Conflict: the settings decide.
    virtual Result<void> decide(const std::string& id, bool accept) = 0;
};

// Any thread.
class CourierDesk {
  public:
    // It is asked until it leaves; leave() returns when no question is with it any more.
    void join(StickKeeper& keeper) {
        const std::lock_guard lock(mutex_);
        keepers_.insert(&keeper);
    }
    void leave(StickKeeper& keeper) {
        const std::lock_guard lock(mutex_);
        keepers_.erase(&keeper);
    }

    bool enabled() const {  // there is a courier
        const std::lock_guard lock(mutex_);
        return !keepers_.empty();
    }
    std::vector<CourierStick> sticks() const {
        const std::lock_guard lock(mutex_);
        std::vector<CourierStick> all;
        for (const StickKeeper* keeper : keepers_)
            for (CourierStick& each : keeper->sticks()) all.push_back(std::move(each));
        return all;
    }
    // By each courier that sees it.
    Result<void> decide(const std::string& id, bool accept) {
        const std::lock_guard lock(mutex_);
        Result<void> done = Error{Code::NotFound, "no such stick is here", false};
        bool decided = false;
        for (StickKeeper* keeper : keepers_) {
            auto here = keeper->decide(id, accept);
            if (!here.ok() && here.error().code == Code::NotFound) continue;
            if (!decided || !here.ok()) done = std::move(here);
            decided = true;
        }
        return done;
    }

  private:
    mutable std::mutex mutex_;
    std::set<StickKeeper*> keepers_;  // under mutex_; each outlives its stay
};

// A transport with a courier is one of these too.
class KeepsSticks {
  public:
    virtual ~KeepsSticks() = default;
    // Before start(); the desk outlives the transport.
    virtual void keep_sticks_at(CourierDesk& desk) = 0;
};

}  // namespace waypost
