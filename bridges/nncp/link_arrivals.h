// SPDX-License-Identifier: Apache-2.0
// Packets that came by a link of the box, on their way into rx/: each once, wherever a crash falls
// and whoever tosses, also one who keeps no `seen/`.
//
//   SPOOL/waypost/links/NODE/PACKET   whole and on disk, and not in rx/ yet
//   row "came/NODE/PACKET"            it may go there, and has if the file is gone; of box seconds
//
// The file is there before the row, the row before the packet gets its name in rx/. One thread.
#pragma once

#include <chrono>
#include <string>

#include "bridges/nncp/spool/spool.h"
#include "gateway/transport.h"

namespace waypost::nncp {

class LinkArrivals {
  public:
    // All outlive it.
    LinkArrivals(const Spool& spool, TransportState& state, const Clock& clock);

    // After a restart: what has a row goes into rx/, what has none comes again.
    void recover();
    // Its row was put, or it lies in rx/ or was seen: nothing is to be kept of it.
    bool known(const NodeId& node, const Mth& name) const;
    // File and row; the row has to be waited for (TransportState::when_durable). Full: no room.
    Result<void> keep(const NodeId& node, const Mth& name, std::string_view packet);
    // Once its row is on disk: into rx/, if it is not there.
    Result<void> hand_on(const NodeId& node, const Mth& name);
    // Forgets rows older than that; looks once a day.
    void tidy(std::chrono::seconds age);

  private:
    std::filesystem::path folder(const NodeId& node) const;
    std::int64_t now() const;

    const Spool& spool_;
    TransportState& state_;
    const Clock& clock_;
    std::optional<std::int64_t> tidied_;
};

}  // namespace waypost::nncp
