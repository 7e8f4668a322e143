// SPDX-License-Identifier: Apache-2.0
// Exchanges packets with a directory: a USB stick, a network share. Its layout is that of
// nncp-xfer: DIR/RECIPIENT/SENDER/PACKET, where SENDER is who copied it there (doc/nncp.md,
// "Media").
//
// Nothing is deleted on either side before its copy is on the disk and was read again with the
// right hash. What is half written has a name of its own (nncpxfer...), is gone on with next time,
// and is never taken for a packet. The directory may vanish at any moment.
#pragma once

#include <filesystem>

#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

struct XferOptions : TransferOptions {
    bool receive = true, transmit = true;
    bool make_folders = false;  // DIR/RECIPIENT where it is missing; else its node is left
    std::uint64_t keep_free = 1024 * 1024;  // bytes of the directory's file system
    bool sync = true;                       // false where NNCPNOSYNC is set
    // Packets of ours for which it is true are passed over.
    std::function<bool(const SpoolPacket&)> skip;
};

// An Error: there is no such directory, or the configuration lacks `neigh.self`. Locks: Tx of each
// node that is written for, Rx for large packets that come. Any thread.
Result<TransferReport> xfer(const NodeConfig& config, const Spool& spool,
                            const std::filesystem::path& directory, const XferOptions& options);

}  // namespace waypost::nncp
