// SPDX-License-Identifier: Apache-2.0
// What carriers share: how far they are, and what they did.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

struct Progress {
    std::uint64_t bytes = 0, all_bytes = 0;  // all_bytes 0: not known
    std::size_t packets = 0, all_packets = 0;
};

// One packet and what became of it.
struct Transfer {
    enum class Outcome {
        Moved,    // it is there, checked and durable
        Known,    // it had arrived before
        Left,     // not for us, too nice, or no room: it stays where it is
        Damaged,  // its content is not what its name says: it stays where it is
    };
    Outcome outcome = Outcome::Moved;
    Way way = Way::Rx;
    NodeId node{};
    Mth name{};
    std::uint64_t bytes = 0;
    std::string why;  // for a person; empty where it moved
};
const char* to_string(Transfer::Outcome outcome);  // "moved"

Error stopped();  // Conflict: by whoever looks on

struct TransferReport {
    std::vector<Transfer> transfers;
    std::uint64_t bytes = 0;       // of those that moved
    std::optional<Error> stopped;  // it did not come to its end; what is reported holds

    std::size_t count(Transfer::Outcome outcome, Way way) const;
};

struct TransferOptions {
    Nice limit = 255;           // nicer ones stay
    std::vector<NodeId> nodes;  // of these only; empty: of all
    bool keep = false;          // delete nothing
    // Called after each piece of at most 128 KiB. False: stop here.
    std::function<bool(const Progress&)> progress;

    bool wants(const NodeId& node) const;
};

}  // namespace waypost::nncp
