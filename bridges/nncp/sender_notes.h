// SPDX-License-Identifier: Apache-2.0
// Tells the post master of the box that sent a packet that it cannot be read here and is put aside.
// One thread.
#pragma once

#include <set>

#include "bridges/nncp/daily_room.h"
#include "bridges/nncp/home.h"
#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/toss/arrival.h"

namespace waypost::nncp {

class SenderNotes {
  public:
    // To all boxes: two that cannot read each other do not go on about that for ever.
    static constexpr int kMostPerDay = 20;

    SenderNotes(Home home, Office& office);
    // Once for each packet; nobody where it is not known who sent it. Durable when it returns: what
    // is to be done with the packet, which is `why`, or an Error to try it again.
    Error unread(const Arrival& arrival, const Error& why);
    // Whoever is to be told that it is put aside was, also before a restart: the packet came before
    // and lies in quarantine.
    bool told(const Mth& packet) const;
    void tells(const Mth& packet) { told_.insert(packet); }
    void ended(const Mth& packet) { told_.erase(packet); }

  private:
    const Home home_;
    Office& office_;
    const Outbox outbox_;
    std::set<Mth> told_;  // that have not ended
    DailyRoom room_{kMostPerDay};
};

}  // namespace waypost::nncp
