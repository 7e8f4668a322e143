// SPDX-License-Identifier: Apache-2.0
// Takes ready deliveries to the transports: priority first, then fair turns between people, inside
// each instance's window. On a network of radios turns are fair in airtime (turns.h), alarms
// before all; elsewhere people take turns one by one. One thread (or step() by a test). It decides
// nothing that is durable: what it holds in hand is still Ready in the store until the transport
// begins it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/custody/box.h"
#include "gateway/custody/compose.h"
#include "gateway/delivery/transports.h"
#include "gateway/delivery/turns.h"

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
    // Of all that this instance has in hand, which was stopped.
    void release_all_of(const TransportId& transport);
    std::size_t held_by(const TransportId& transport) const;
    // What the attempt in hand cost, before release(); without it the cost counts as none. Where
    // the instance says when it may send again, it is handed nothing but alarms until then, so that
    // what waits stays in its order, and can still be joined, held or called off.
    void spent(DeliveryId id, const Outcome& outcome);
    // What is left in the accounts of airtime that were used lately, by network and turn.
    std::map<std::string, std::map<std::string, milliseconds>> accounts() const;
    TransportId transport_of(DeliveryId id) const;
    // What went out with this delivery, while it is in hand.
    Shown shown(DeliveryId id) const;
    bool in_hand(DeliveryId id) const;

    // One round on the caller's thread: due ones wake, windows fill. How many were handed over.
    std::size_t step();
    // When the first instance that had no airtime has some again.
    std::optional<BoxTime> pause_ends() const;

  private:
    struct Hand {
        std::string network;
        std::string turn;  // whose it is
        TransportId transport;
        Shown shown;
        milliseconds charged{0};  // to the account of the turn
        bool counted = false;     // its cost is known
    };
    // What is ready of one turn, oldest first: read once a look, not before each delivery.
    struct Ready {
        std::deque<DeliveryId> ids;
        bool more = true;  // not all is read
    };
    using Looked = std::map<std::pair<Priority, std::string>, Ready>;  // by turn
    void loop();
    void wake_due();
    void wake_paused();
    std::size_t fill(const std::string& network);
    std::size_t fill_by_airtime(const std::string& network);
    std::vector<Waiting> waiting_on(const std::string& network) const;
    milliseconds hourly_airtime(const std::string& network) const;
    bool hand_next(const std::string& network, Priority priority, Looked& looked);
    // The next of `ready` for which there is a way now; `read` reads so many, oldest first.
    bool hand_one(const std::string& network, const std::string& turn, Ready& ready,
                  const std::function<std::vector<DeliveryId>(store::Tables&, int most)>& read);
    bool hand_over(DeliveryId id, const std::string& turn);
    // With the way that it takes now; nothing: it has none, or is not ready any more.
    struct Prepared {
        store::DeliveryRow row;
        std::shared_ptr<Transport> transport;
        Composed composed;
    };
    std::optional<Prepared> prepare(store::Tables& tables, DeliveryId id) const;
    void take_in_hand(DeliveryId id, Hand hand);
    void let_go(std::map<DeliveryId, Hand>::iterator hand);
    void charge(const store::DeliveryRow& row, Hand& hand);
    Turns& turns_of(const std::string& network);
    // The best of those that are up, or with `up` false of those that are not. None, where the one
    // that heard the recipient, or that began it, is still opening after a start.
    std::shared_ptr<Transport> choose(const store::DeliveryRow& row, Address& endpoint,
                                      bool up = true) const;
    std::shared_ptr<Transport> left_by(const store::DeliveryRow& row) const;
    std::vector<store::DeliveryRow> waiting_of(const std::string& network, Priority priority,
                                               const std::string& owner) const;
    // Instances that are down hear of what waits for them.
    void tell_wanted(const std::string& network);
    int room(const Transport& transport, Priority priority) const;
    bool any_room(const std::string& network, Priority priority) const;
    int in_hand_of(const std::string& network, const std::string& turn) const;

    Box& box_;
    const BoxTime began_;
    Transports& transports_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> woken_;
    std::map<DeliveryId, Hand> hands_;
    std::map<TransportId, int> held_;                                   // hands, by instance
    std::map<std::pair<std::string, std::string>, int> turns_in_hand_;  // by network and turn
    std::map<std::string, std::string> turn_;       // network and priority -> owner served last
    std::map<std::string, Turns> turns_;            // of networks of radios
    std::map<TransportId, BoxTime> paused_;         // until it has airtime again
    std::map<std::string, BoxTime> look_at_;        // network -> when tell_wanted() looks again
    std::map<std::string, std::string> looked_at_;  // network and priority -> and behind whom
    bool stopping_ = false;
    std::atomic<bool> due_pending_{false};
    std::thread thread_;
};

}  // namespace waypost
