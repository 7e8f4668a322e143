// SPDX-License-Identifier: Apache-2.0
// Opens one packet of the spool: its name against its hash, every block, size and padding, and what
// is packed inside. Nothing has happened to the world when it returns. Of this room.
#pragma once

#include <memory>
#include <optional>
#include <set>

#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/toss/arrival.h"

namespace waypost::nncp {

struct OpenedPacket {
    Arrival arrival;
    std::unique_ptr<Content> content;
    std::unique_ptr<NewPacket> onward;  // of a trns packet that goes on byte for byte
};

struct OpenLimits {
    std::uint64_t most_unpacked = 0;
    std::set<PacketType> leave;  // these are not looked at
};

class Opener {
  public:
    // All outlive it.
    Opener(const NodeConfig& config, const Spool& spool, Handlers& handlers, OpenLimits limits)
        : config_(config), spool_(spool), handlers_(handlers), limits_(std::move(limits)) {}

    // nullopt: it is of a type to be left.
    Result<std::optional<OpenedPacket>> open(const SpoolPacket& packet);
    // Who wrote it by what its header says, unchecked; zero where even that is not to be read.
    NodeId claimed_sender(const SpoolPacket& packet) const;
    // What an area packet carries; `post` is that packet, `content` what it holds.
    Result<std::optional<OpenedPacket>> open_post(const Arrival& post, const Area& area,
                                                  const Content& content);

  private:
    class Opening;
    Unsealing for_us() const;
    Unsealing for_area(const Area& area) const;
    std::optional<Hash32> sign_public(const NodeId& sender) const;

    const NodeConfig& config_;
    const Spool& spool_;
    Handlers& handlers_;
    const OpenLimits limits_;
};

}  // namespace waypost::nncp
