// SPDX-License-Identifier: Apache-2.0
// Deliveries out. A letter to one account is a note to it alone, reported as sent when its server
// has taken it. A post for all is on our own server from the moment it is reported, and goes on to
// the inboxes of its author's followers by the send queue. Threads: its own, so that letters wait
// for nothing that the queue does.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/activitypub/gate.h"

namespace waypost::activitypub {

struct OutgoingCounters {
    std::uint64_t letters = 0, posts = 0, failed = 0;
    std::size_t waiting = 0;
};

class Outgoing {
  public:
    Outgoing(const Gate& gate, int threads) : gate_(gate), thread_count_(threads) {}
    ~Outgoing() { stop(); }
    void start();
    void stop();
    void deliver(Delivery delivery);
    // After stop(): everything in hand is reported.
    void give_back();
    OutgoingCounters counters() const;

  private:
    struct Job {
        Delivery delivery;
        WireId wire;
    };
    void begin(Job job);
    void work();
    std::optional<Job> take(std::unique_lock<std::mutex>& lock);
    Outcome carry_out(const Job& job);
    Outcome to_one(const Job& job);
    Outcome to_all(const Job& job);
    std::string author_of(const Delivery& delivery) const;
    OwnNote note_of(const Job& job, const std::string& author) const;
    WireId new_wire(const Delivery& delivery) const;

    const Gate gate_;
    const int thread_count_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> ready_;
    std::set<std::string> busy_;  // hosts: one letter at a time to each, in order
    std::map<DeliveryId, AttemptId> in_hand_;
    OutgoingCounters counters_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace waypost::activitypub
