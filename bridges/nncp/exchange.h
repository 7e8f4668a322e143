// SPDX-License-Identifier: Apache-2.0
// Sessions of the gateway: it answers calls by TCP and on lines, makes those that the configuration
// lists, and calls a node at once where that is wanted. Whatever came is for `came` to look at.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "bridges/nncp/nncp_options.h"
#include "bridges/nncp/online/answerer.h"
#include "bridges/nncp/online/caller.h"
#include "bridges/nncp/online/server.h"
#include "gateway/base/clock.h"

namespace waypost::nncp {

// Of one node.
struct LineState {
    std::int64_t last = 0;  // Unix seconds at which a session ended well; 0: none since the start
    std::string problem;    // of the last one; empty: it went well
};

class Exchange {
  public:
    // All outlive it.
    Exchange(const NodeConfig& config, const Spool& spool, const NncpOptions& options,
             const Clock& clock, std::function<void()> came);
    ~Exchange();

    // Throws std::runtime_error: the address to listen at is taken, a schedule makes no sense.
    void start();
    void stop();
    // Something may wait for this node: looks at once, if it is to be called at once. Whatever
    // waits is seen within a second without it too.
    void nudge(const Node& node);

    std::map<std::string, LineState> lines() const;      // by name of the node
    std::map<std::string, LineState> answering() const;  // lines of answer_on, by name
    int port() const { return server_ ? server_->port() : 0; }
    // When the node is called next by the configuration; nullopt: never.
    static std::optional<std::time_t> next_call(const Node& node, std::time_t now);

  private:
    void ended(const Node* node, const Result<OnlineReport>& report);
    void answered(const std::string& line, const OnlineReport& report);
    struct Urge {  // of a node that is called as soon as something waits for it
        BoxTime not_before{};
        std::chrono::seconds pause{0};
    };
    void run();
    const Node* wait_for_due();
    const Node* due() const;
    bool something_waits(const Node& node) const;
    void call_now(const Node& node, Urge& urge);
    OnlineWatch watch();
    OnlineOptions session_options() const;

    const NodeConfig& config_;
    const Spool& spool_;
    const NncpOptions& options_;
    const Clock& clock_;
    const std::function<void()> came_;
    std::atomic<bool> stop_{false};
    std::unique_ptr<Server> server_;
    std::unique_ptr<Caller> caller_;
    std::unique_ptr<Answerer> answerer_;
    mutable std::mutex mutex_;
    std::condition_variable nudged_;
    std::map<std::string, LineState> lines_;      // under mutex_
    std::map<std::string, LineState> answering_;  // under mutex_
    bool look_ = false;                           // under mutex_
    std::map<const Node*, Urge> urges_;           // of thread_, once it runs
    std::thread thread_;                          // calls at once, one after the other
};

}  // namespace waypost::nncp
