// SPDX-License-Identifier: Apache-2.0
// Takes ready deliveries to the transports: priority first, then fair turns between people, inside
// each instance's window. One thread (or step() by a test). It decides nothing that is durable:
// what it holds in hand is still Ready in the store until the transport begins it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "gateway/custody/box.h"
#include "gateway/custody/compose.h"
#include "gateway/delivery/transports.h"

namespace waypost {

class Dispatcher {
  public:
    Dispatcher(Box& box, Transports& transports);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void start();
    void stop();
    // Something became ready on this network, or room became free. Any thread.
    void wake(const std::string& network);
    void wake_all();
    // The delivery has an outcome on disk (or was dropped): its place in the window is free.
    // try_more=false where the store just failed: the next look is the regular one.
    void release(DeliveryId id, bool try_more = true);
    TransportId transport_of(DeliveryId id) const;
    // What went out with this delivery, while it is in hand.
    Shown shown(DeliveryId id) const;
    bool in_hand(DeliveryId id) const;

    // One round on the caller's thread: due ones wake, windows fill. How many were handed over.
    std::size_t step();

  private:
    struct Hand {
        std::string network;
        std::string owner;
        TransportId transport;
        Shown shown;
    };
    void loop();
    void wake_due();
    std::size_t fill(const std::string& network);
    bool hand_next(const std::string& network, Priority priority);
    bool hand_from(const std::string& network, Priority priority, const std::string& owner);
    bool hand_over(const store::DeliveryRow& row);
    std::shared_ptr<Transport> choose(const store::DeliveryRow& row, Address& endpoint) const;
    int room(const Transport& transport, Priority priority) const;
    bool any_room(const std::string& network, Priority priority) const;
    int in_hand_of(const std::string& network, const std::string& owner) const;

    Box& box_;
    Transports& transports_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> woken_;
    std::map<DeliveryId, Hand> hands_;
    std::map<std::string, std::string> turn_;  // network and priority -> owner served last
    bool stopping_ = false;
    std::atomic<bool> due_pending_{false};
    std::thread thread_;
};

}  // namespace waypost
