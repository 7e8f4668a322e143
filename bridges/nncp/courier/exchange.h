// SPDX-License-Identifier: Apache-2.0
// One exchange with a stick or a directory, both ways, in our own folder on it, which has the
// layout of nncp-xfer (doc/nncp.md, "Media"): real tools exchange with STICK/nncp.
//
// What came is durable here before it goes from the stick. What goes there stays in our queue, on
// record as having ridden (rides.h). The stick may be pulled at any byte: what is whole on either
// side stays whole, what is half is gone on with. Any thread.
#pragma once

#include <functional>

#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/courier/book.h"
#include "bridges/nncp/courier/places.h"
#include "bridges/nncp/courier/rides.h"
#include "bridges/nncp/node/node_config.h"
#include "gateway/base/clock.h"

namespace waypost::nncp {

enum class Phase { Reading, Writing, Syncing };
const char* to_string(Phase phase);  // "reading"

struct ExchangeOptions {
    std::string folder = "nncp";
    RideRules rules;
    Nice limit = 255;
    std::vector<NodeId> nodes;  // of these only; empty: of all
    bool sync = true;
    // Bytes that stay free on the stick; without it, of margin().
    std::optional<std::uint64_t> keep_free;
    std::function<bool(Phase, const Progress&)> progress;  // false: stop here
};

struct ExchangeReport {
    TransferReport received, sent;
    // Everything that was written is on the medium; nothing of it is open any more.
    bool safe = false;
    std::optional<std::uint64_t> free;  // bytes on the medium; nullopt: not known
    bool busy = false;  // packets were left as another program sends to their node just now
    std::optional<Error> stopped;  // why it did not come to its end
    std::size_t moved() const;
};

// Of a file system: a twentieth, at most 64 MiB. What is not ours to fill.
std::uint64_t margin(const std::filesystem::path& path);

// `place` is mounted. An Error: nothing was done. Busy: another program exchanges with it; Refused:
// there is a link in our folder.
Result<ExchangeReport> exchange_with(const NodeConfig& config, const Spool& spool,
                                     const CourierBook& book, const Place& place,
                                     const ExchangeOptions& options, const Clock& clock);

}  // namespace waypost::nncp
