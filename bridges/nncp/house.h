// SPDX-License-Identifier: Apache-2.0
// One thread that keeps the spool: tosses what came, acknowledges, queues again what waits for its
// ACK too long, and remembers how things stand with each node.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "bridges/nncp/arrivals.h"
#include "bridges/nncp/mark_ages.h"
#include "bridges/nncp/retries.h"
#include "bridges/nncp/spool_watch.h"
#include "bridges/nncp/toss/toss.h"

namespace waypost::nncp {

// How things stand with one node.
struct NodeState {
    std::size_t waits = 0;    // packets to go, as the first hop
    std::size_t came = 0;     // that lie in rx/
    std::size_t aside = 0;    // in quarantine
    std::size_t unacked = 0;  // without an ACK, where there are ACKs
    std::int64_t heard = 0;   // Unix seconds of its last packet; 0: not since the start
    std::string problem;      // of its last packet that was not taken
};

class House {
  public:
    House(Home home, Office& office);
    ~House();

    void start();
    void stop();
    void wake() { watch_.wake(); }
    std::map<std::string, NodeState> nodes() const;  // by name
    std::size_t messages() const;                    // taken since the start
    std::string problem() const;                     // of the spool itself; empty: none

    // One round, on the caller's thread. What start() does over and over.
    void round();

  private:
    void try_round();
    void problem(const std::string& why);
    void run();
    void toss();
    void acknowledge();
    void tidy();
    void forget_marks();
    void look();
    void note(const Tossed& tossed);
    std::int64_t now() const;

    const Home home_;
    Office& office_;
    const Outbox outbox_;
    Arrivals arrivals_;
    SpoolWatch watch_;
    Retries retries_;
    std::vector<std::pair<const Node*, Mth>> to_acknowledge_;
    MarkAges marks_;
    std::optional<BoxTime> tidied_, looked_at_marks_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::map<std::string, NodeState> nodes_;  // under mutex_
    std::size_t messages_ = 0;                // under mutex_
    std::string problem_;                     // under mutex_
    std::thread thread_;
};

}  // namespace waypost::nncp
