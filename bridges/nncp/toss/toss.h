// SPDX-License-Identifier: Apache-2.0
// Processes what lies in rx/ of the spool: checks what a tool left unchecked (.nock), opens each
// packet, checks it to its last byte, does what it asks for through a Handlers, marks it as seen
// and removes it. A packet that fails does not keep others from their turn: it stays for the next
// time, or goes into quarantine with the reason if no time will be better.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "bridges/nncp/toss/arrival.h"

namespace waypost::nncp {

enum class Fate {
    Done,
    Duplicate,  // seen before: removed
    Kept,       // stays for the next toss
    PutAside,   // in quarantine
    Left,       // of a type that is not wanted now
};
const char* to_string(Fate fate);  // "done", "put-aside"

struct Tossed {
    SpoolPacket packet;
    Fate fate = Fate::Done;
    NodeId sender{};   // who signed it or, of one that could not be opened, who it says; else zero
    std::string what;  // "exec sendmail ana@hill.example"; empty where it could not be opened
    std::string why;   // of those kept or put aside
    int failures = 0;  // of one that is kept

    // `sender`, or where even that is not known, in whose rx/ it lay.
    const NodeId& from() const { return sender == NodeId{} ? packet.node : sender; }
};

struct TossOptions {
    Nice limit = 255;            // what is nicer is left
    std::set<PacketType> leave;  // types that are left
    // What the payload of one exec may unpack to; more is put aside.
    std::uint64_t most_unpacked = 1ull << 30;
    std::function<void(const Tossed&)> on_packet;   // once for each
    std::function<bool()> stop;                     // asked between packets
    std::function<bool(const SpoolPacket&)> later;  // those are not looked at this time
};

struct NodeTrouble {
    NodeId node{};
    Error error;
};

struct TossCounts {
    std::size_t done = 0, duplicates = 0, kept = 0, put_aside = 0, left = 0;
    std::vector<NodeId> busy;  // nodes whose lock somebody else holds: not looked at
    // Nodes whose folder could not be worked in, or whose unchecked packets not be checked. It
    // keeps nothing of the others from its turn.
    std::vector<NodeTrouble> troubled;
};

// One thread at a time.
class Toss {
  public:
    // All outlive it.
    Toss(const NodeConfig& config, const Spool& spool, Handlers& handlers,
         TossOptions options = {});
    // Smaller niceness first, across all nodes. An Error: there is no key, or no spool to read.
    Result<TossCounts> all();
    // Busy: somebody else holds its lock. An Error too where its folder cannot be worked in.
    Result<TossCounts> node(const NodeId& node);

  private:
    // `known`: all that have a folder; a packet may have come through any of them.
    Result<TossCounts> run(const std::vector<NodeId>& nodes, const std::vector<NodeId>& known);
    Result<void> check_unchecked(const NodeId& node) const;
    Result<SpoolLock> gather(const NodeId& node, std::vector<SpoolPacket>& packets) const;

    const NodeConfig& config_;
    const Spool& spool_;
    Handlers& handlers_;
    const TossOptions options_;
};

}  // namespace waypost::nncp
