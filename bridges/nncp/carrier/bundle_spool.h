// SPDX-License-Identifier: Apache-2.0
// Bundles from a spool and into it. Any thread.
#pragma once

#include "bridges/nncp/carrier/bundle.h"
#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

// What waits for these nodes, nicest first. Deletes nothing: what `out` is on is not known here.
// An Error of `out` stops it. Locks: Tx of each node.
Result<TransferReport> write_bundle(const NodeConfig& config, const Spool& spool,
                                    const std::vector<NodeId>& nodes, Sink& out,
                                    const TransferOptions& options);

// Takes what is for us from nodes we know; each is verified. `dry_run`: says what it would do.
// Moved: it is durable in rx/. Of others nothing is told.
Result<TransferReport> read_bundle(const NodeConfig& config, const Spool& spool, Source& in,
                                   const TransferOptions& options, bool dry_run = false);

// Deletes from tx/ what this bundle, read again, proves to be in it whole.
Result<TransferReport> delete_bundled(const NodeConfig& config, const Spool& spool, Source& in,
                                      const TransferOptions& options, bool dry_run = false);

}  // namespace waypost::nncp
