// SPDX-License-Identifier: Apache-2.0
// Letters on their way out: each is begun, sent by a thread of the queue, and reported, once. To
// one lane one at a time, in order. What is cut short by the end is not reported: it is offered
// again under its wire id, unless give_back() says otherwise. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/transport.h"

namespace waypost::activitypub {

struct Letter {
    Delivery delivery;
    WireId wire;
};

struct LetterCounters {
    std::uint64_t sent = 0, failed = 0;
    std::size_t waiting = 0;  // in hand, now
};

class LetterQueue {
  public:
    using Lane = std::function<std::string(const Delivery&)>;
    // Blocks. What it throws is an outcome to be tried again.
    using Send = std::function<Outcome(const Letter&)>;

    LetterQueue(Office& office, int threads, Lane lane, Send send);
    ~LetterQueue();
    LetterQueue(const LetterQueue&) = delete;
    LetterQueue& operator=(const LetterQueue&) = delete;

    void start();
    void stop();  // no thread of it is left
    void deliver(Letter letter);
    void give_back();  // after stop(): everything in hand is reported
    LetterCounters counters() const;

  private:
    struct State;
    void work();

    const int thread_count_;
    const Send send_;
    const std::shared_ptr<State> state_;  // callbacks of the office may come when we are gone
    std::vector<std::thread> threads_;
};

}  // namespace waypost::activitypub
