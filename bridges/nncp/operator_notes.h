// SPDX-License-Identifier: Apache-2.0
// Tells the operator of what came and concerns no person: a message of this box to its post master.
// One thread.
#pragma once

#include <set>
#include <string>

#include "bridges/nncp/daily_room.h"
#include "bridges/nncp/packet/mth.h"
#include "gateway/transport.h"

namespace waypost::nncp {

class OperatorNotes {
  public:
    static constexpr int kMostPerDay = 20;  // the log has them all

    OperatorNotes(Office& office, TransportId transport)
        : office_(office), transport_(std::move(transport)) {}
    // Once for each packet, also across restarts: the store knows one that was said before. Waits
    // until it is on disk.
    void tell(const Mth& packet, const std::string& text);
    void ended(const Mth& packet) { told_.erase(packet); }  // nothing more is told of it

  private:
    bool room_today();

    Office& office_;
    const TransportId transport_;
    std::set<Mth> told_;  // that have not ended
    DailyRoom room_{kMostPerDay};
};

}  // namespace waypost::nncp
