// SPDX-License-Identifier: Apache-2.0
// Queues for a node what is to be sent to it: seals it for the node and for each relay on the way,
// and puts it into the spool of the first hop. Any thread.
#pragma once

#include <string>
#include <vector>

#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

struct Parcel {
    const Node* to = nullptr;
    PlainHeader plain;
    Nice nice = kNiceExec;      // of the packet
    std::uint64_t minsize = 0;  // bytes at least
    std::string payload;        // small ones; for others `source`
    Source* source = nullptr;
};

struct Queued {
    Mth inner{};  // of the packet as its recipient gets it: what an ACK names
    Mth name{};   // of the file in the spool of the first hop; the same without relays
    NodeId first_hop{};
};

class Outbox {
  public:
    // Both outlive it.
    Outbox(const NodeConfig& config, const Spool& spool) : config_(config), spool_(spool) {}
    // All of them with one wait for the disk, or none is promised.
    Result<std::vector<Queued>> send(const std::vector<Parcel>& parcels);
    Result<Queued> exec(const Node& to, const std::vector<std::string>& words, Source& input,
                        Nice nice = kNiceExec, bool fat = false);
    Result<Queued> file(const Node& to, const std::string& name, Source& input,
                        Nice nice = kNiceFile);

  private:
    const NodeConfig& config_;
    const Spool& spool_;
};

}  // namespace waypost::nncp
