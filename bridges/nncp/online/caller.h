// SPDX-License-Identifier: Apache-2.0
// Calls nodes when their `calls` say so.
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "bridges/nncp/online/cron.h"
#include "bridges/nncp/online/online.h"

namespace waypost::nncp {

// What is due when. Values; wall time in seconds comes in from outside.
class CallPlan {
  public:
    // The configuration outlives it. An Error names the node of an expression that is none.
    static Result<CallPlan> of(const NodeConfig& config, std::time_t now);
    struct Due {
        const Node* node = nullptr;
        const Call* call = nullptr;
    };
    // nullopt: never again.
    std::optional<std::time_t> next() const;
    // What is due by now, each once however late it is.
    std::vector<Due> take(std::time_t now);

  private:
    struct Entry {
        Due due;
        Cron cron;
        std::optional<std::time_t> at;
    };
    std::vector<Entry> entries_;
};

// As the entry says, over what is asked of all sessions.
OnlineOptions options_of(const Call& call, OnlineOptions options);

// Does it, each call on a thread of its own; a node that is being called is not called again.
class Caller {
  public:
    using Ended = std::function<void(const Node&, const Result<OnlineReport>&)>;
    // `home`'s stop is not its business; ~Caller() ends its calls, and waits for them.
    Caller(const OnlineHome& home, CallPlan plan, OnlineOptions options, OnlineWatch watch,
           Ended ended);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

  private:
    struct Running {
        const Node* node = nullptr;
        std::atomic<bool> over{false};
        std::thread thread;
    };
    void run();
    void begin(const CallPlan::Due& due);
    bool wanted(const CallPlan::Due& due) const;
    void reap();

    std::atomic<bool> stop_{false};
    const OnlineHome home_;  // with stop_
    CallPlan plan_;
    const OnlineOptions options_;
    const OnlineWatch watch_;
    const Ended ended_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::list<Running> running_;  // of thread_
    std::thread thread_;
};

}  // namespace waypost::nncp
