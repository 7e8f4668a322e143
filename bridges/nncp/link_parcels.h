// SPDX-License-Identifier: Apache-2.0
// Packets that go by a link of this box instead of by courier or call (`links`): small and urgent
// ones out of tx/, shortened (packet/short_packet.h), and those that come into rx/. A packet stays
// in tx/ until the node has it on its disk; a courier or call may take it meanwhile, and the node
// takes none twice. One thread of its own does what waits for the disk.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "bridges/nncp/link_arrivals.h"
#include "bridges/nncp/nncp_options.h"
#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/packet/short_packet.h"
#include "gateway/parcels.h"

namespace waypost::nncp {

// Told to a node whose packet names somebody who is not known here: it says the whole id then.
inline constexpr char kUnknownNode[] = "unknown node";

class LinkParcels final : public ParcelOwner, public std::enable_shared_from_this<LinkParcels> {
  public:
    // All outlive stop(). `came`: there is something in rx/; on the thread. Throws
    // std::runtime_error with a sentence for the operator: a node that is not known, two for one
    // link.
    LinkParcels(const NodeConfig& config, const Spool& spool, const NncpOptions& options,
                ParcelDesk& desk, Office& office, const TransportId& own,
                std::function<void()> came);
    ~LinkParcels() override;

    // Throws std::runtime_error where a link serves somebody else already.
    void start();
    // What is asked later is answered, and nothing is done.
    void stop();

    void next(const TransportId& carrier, std::set<std::string> in_hand, OnNext on_next) override;
    void delivered(const TransportId& carrier, const std::string& name, OnNoted on_noted) override;
    void cannot_go(const TransportId& carrier, const std::string& name, const std::string& why,
                   OnNoted on_noted) override;
    void came(const TransportId& carrier, std::string bytes, OnVerdict on_verdict) override;

    // Of what waits for this node: "2 by trunk.dale, 1 larger than 4096 bytes waits for a courier
    // or call"; empty: it has no link.
    std::string words(const Node& node) const;

  private:
    struct Waiting {
        std::size_t by_link = 0, large = 0, leisurely = 0, refused = 0;
        std::string why;  // of the last refused one
    };
    struct Link {
        const Node* node = nullptr;
        std::map<Mth, std::string> refused;  // why; since the start
        std::set<Mth> whole_ids;             // the node does not know all whom they name
        Waiting waiting;                     // under mutex_
    };
    // `instead` where it is too late.
    void post(std::function<void()> job, std::function<void()> instead);
    void run();
    void look_at_all();
    bool may_go(const Link& link, const SpoolPacket& packet) const;
    std::vector<SpoolPacket> look(const TransportId& carrier, Link& link);
    std::optional<waypost::Parcel> first_of(const TransportId& carrier, Link& link,
                                            const std::set<std::string>& in_hand);
    Result<waypost::Parcel> parcel_of(const Link& link, const SpoolPacket& packet) const;
    bool take_away(const Link& link, const Mth& name);
    void refuse(const TransportId& carrier, const Mth& name, const std::string& why);
    void take(const TransportId& carrier, const std::string& bytes, const OnVerdict& on_verdict);
    void keep(const NodeId& node, const Mth& name, const OnVerdict& on_verdict);
    std::optional<Hash32> id_beginning(std::string_view first) const;

    const NodeConfig& config_;
    const Spool& spool_;
    const NncpOptions& options_;
    ParcelDesk& desk_;
    TransportState& state_;
    const std::function<void()> came_;
    LinkArrivals arrivals_;
    std::map<TransportId, Link> links_;  // its keys are const
    struct Job {
        std::function<void()> work, instead;
    };
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;  // under mutex_
    bool shut_ = true;      // under mutex_
    std::thread thread_;
};

}  // namespace waypost::nncp
