// SPDX-License-Identifier: Apache-2.0
// The way out: deliveries become packets in the spool. carry() does a number of them together with
// one wait for the store and one for the disk; a thread gathers what comes within a short time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "bridges/nncp/home.h"
#include "bridges/nncp/spool/outbox.h"

namespace waypost::nncp {

class Sender {
  public:
    using OnQueued = std::function<void(const Node&)>;  // something waits for it
    Sender(Home home, Office& office, OnQueued on_queued = nullptr);
    ~Sender();

    void start();
    void stop();  // what was not begun is offered again after the next start
    void give_back();
    void add(Delivery delivery);
    static constexpr int kWindow = 500;

    // On the caller's thread, one at a time: each has its outcome when it returns, but for those
    // that the office did not let begin.
    void carry(std::vector<Delivery> deliveries);

    std::size_t messages() const;  // handed on in packets since the start
    std::string problem() const;   // of the last time; empty: none

  private:
    struct Item;    // one delivery on its way
    struct Packet;  // what goes into one
    void run();
    std::vector<Delivery> gather();
    std::vector<Packet> pack(std::vector<Item>& items);
    void pack_letters(std::vector<Item>& items, std::vector<Packet>& packets);
    void pack_mails(std::vector<Item>& items, std::vector<Packet>& packets);
    void begin(std::vector<Item>& items);
    void publish(std::vector<Item>& items, std::vector<Packet>& packets);
    Result<void> queue(std::vector<Item>& items, std::vector<Packet>& packets);
    Result<void> note(const std::vector<Item>& items, const std::vector<Packet>& packets,
                      const std::vector<Queued>& queued, const std::vector<Spool::Finished>& made);
    void post(Item& item);
    Result<void> queue_post(const Item& item);
    void report(Item& item, const Outcome& outcome);

    const Home home_;
    const Outbox outbox_;
    Office& office_;
    const OnQueued on_queued_;  // may be empty
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Delivery> waiting_;  // under mutex_
    bool stopping_ = false;         // under mutex_
    std::size_t messages_ = 0;      // under mutex_
    std::string problem_;           // under mutex_
    std::thread thread_;
};

// Smaller goes first.
Nice nice_of(Priority priority);

}  // namespace waypost::nncp
