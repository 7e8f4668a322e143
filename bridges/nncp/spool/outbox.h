// SPDX-License-Identifier: Apache-2.0
// Queues for a node what is to be sent to it: seals it for the node and for each relay on the way,
// and puts it into the spool of the first hop. Any thread. What a call returned for is durable.
#pragma once

#include <functional>
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
    // What is inside; that of an Exec is packed (zstd) on the way. Small ones here, for others
    // `source`, which is read once.
    std::string payload;
    Source* source = nullptr;
};

// {0x00 between the words}; niceness of answers is 224 as with nncp-exec.
Parcel exec_parcel(const Node& to, const std::vector<std::string>& words, std::string input);
// Asks for the file `name`, to come back as `as` with this niceness.
Parcel freq_parcel(const Node& to, const std::string& name, const std::string& as,
                   Nice reply = kNiceFile);
Parcel ack_parcel(const Node& to, const Mth& name);

struct Queued {
    Mth inner{};  // of the packet as its recipient gets it: what an ACK names
    Mth name{};   // of the file in the spool of the first hop; the same without relays
    NodeId first_hop{};
};

class Outbox {
  public:
    // Both outlive it.
    Outbox(const NodeConfig& config, const Spool& spool) : config_(config), spool_(spool) {}
    // All of them with one wait for the disk, or none is promised. Refused: this configuration has
    // no keys; NotFound: a relay is not known.
    // `before` is told their names, and given what will have them, when they are made and before
    // anybody else can see one; its Error keeps all of them from going.
    using Before = std::function<Result<void>(const std::vector<Queued>&,
                                              const std::vector<Spool::Finished>&)>;
    Result<std::vector<Queued>> send(const std::vector<Parcel>& parcels,
                                     const Before& before = nullptr) const;
    Result<Queued> send(const Parcel& parcel) const;
    Result<Queued> exec(const Node& to, const std::vector<std::string>& words, Source& input,
                        Nice nice = kNiceExec, bool fat = false) const;
    Result<Queued> file(const Node& to, const std::string& name, Source& input,
                        Nice nice = kNiceFile) const;
    // A whole packet for `to`: into its queue as it is, or wrapped again for the relays of our own
    // that lead there.
    Result<Queued> pass_on(const Node& to, Source& packet, Nice nice) const;

    // To all subscribers of an area, without the detour by our own toss that nncp makes; we and
    // they are marked as having it. Empty: it has no subscribers. `parcel.to` is not looked at.
    Result<std::vector<Queued>> post(const Area& area, const Parcel& parcel) const;
    // The same in two steps: what is sealed once may be sent again after a crash, to those who have
    // no mark yet, and is the same post to all others.
    Result<std::unique_ptr<NewPacket>> seal_post(const Area& area, const Parcel& parcel) const;
    using OpenPost = std::function<Result<Fd>()>;  // from its start
    Result<std::vector<Queued>> send_post(const Area& area, const OpenPost& post, Nice nice) const;

  private:
    struct Layer {
        const Node* to = nullptr;
        PlainHeader plain;
        std::uint64_t pad = 0;
    };
    Result<Spool::Finished> wrap(const Parcel& parcel, Queued& queued) const;
    Result<Spool::Finished> wrap(std::vector<Layer> layers, Nice nice, Source& payload, bool small,
                                 Queued& queued) const;
    Result<std::vector<Layer>> layers_of(const Node& to, const PlainHeader& plain,
                                         std::uint64_t pad) const;
    Result<Queued> publish(Spool::Finished packet, const Queued& queued) const;
    Result<void> seal_layer(const Layer& layer, Nice nice, Source& payload, Sink& out) const;

    const NodeConfig& config_;
    const Spool& spool_;
};

// The identity of an area's message: BLAKE2b of the header of its packet (172 bytes).
Mth area_message(std::string_view header);

}  // namespace waypost::nncp
