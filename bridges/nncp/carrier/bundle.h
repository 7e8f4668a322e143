// SPDX-License-Identifier: Apache-2.0
// Packets one after the other in a stream, as nncp-bundle writes them: for tapes, disks, one-way
// links (doc/nncp.md, "Media"). A bundle may be cut, joined with others, damaged or stand behind
// anything else; what is whole in it is found.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "bridges/nncp/packet/header.h"
#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {

class BundleWriter {
  public:
    explicit BundleWriter(Sink& out) : out_(out) {}
    // `bytes` of `packet` under this name. BadInput: its content was another one or shorter; what
    // was written of it is no packet for a reader, and the bundle goes on behind it. Any other
    // Error is one of `out`, and ends it.
    Result<void> add(const NodeId& recipient, const NodeId& sender, const Mth& name,
                     std::uint64_t bytes, Source& packet);
    Result<void> finish();  // two blocks of zeros

  private:
    Sink& out_;
};

struct BundledPacket {
    PacketHeader header;  // who it is for and from: the path in the bundle is not believed
    Mth name{};
    std::uint64_t bytes = 0;
};

class BundleReader {
  public:
    explicit BundleReader(Source& in);
    ~BundleReader();
    // The next thing that looks like a packet; nullopt: the end. An Error is one of `in`.
    Result<std::optional<BundledPacket>> next();

    // Opens what was written to the sink again, from its start.
    using Again = std::function<Result<std::unique_ptr<Source>>()>;
    // The content of what next() told, with `name` verified. BadInput: it is damaged or cut. What
    // follows it is found all the same, even within what was taken for its content if `again` is
    // set. Without a call of this the content is passed over, and next() looks for packets in it.
    Result<void> read(Sink& sink, const Again& again = nullptr);
    std::uint64_t bytes() const;  // of `in`, read so far

  private:
    class Window;
    Result<std::optional<BundledPacket>> packet_here();
    std::unique_ptr<Window> window_;
    std::optional<BundledPacket> current_;
};

}  // namespace waypost::nncp
