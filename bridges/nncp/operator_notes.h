// SPDX-License-Identifier: Apache-2.0
// Tells the operator of what came and concerns no person: a message of this box to its post master.
// One thread.
#pragma once

#include <set>
#include <string>

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

  private:
    bool room_today();

    Office& office_;
    const TransportId transport_;
    std::set<Mth> told_;  // of today
    BoxTime day_{};       // when it began
    int notes_ = 0;       // since then
};

}  // namespace waypost::nncp
