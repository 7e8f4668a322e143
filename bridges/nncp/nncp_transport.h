// SPDX-License-Identifier: Apache-2.0
// Mail by NNCP: over spools that couriers carry and that sessions fill. It is the network "email",
// so threads, duplicates and attachments are common to all ways of mail. Threads: one gathers and
// queues what leaves (sender.h), one keeps the spool (house.h), one is the courier's (sticks.h),
// one of what goes by radio links (link_parcels.h), those of sessions (exchange.h).
#pragma once

#include <memory>
#include <optional>

#include "bridges/nncp/exchange.h"
#include "bridges/nncp/house.h"
#include "bridges/nncp/link_parcels.h"
#include "bridges/nncp/sender.h"
#include "bridges/nncp/stick_feed.h"
#include "bridges/nncp/stick_keeper.h"
#include "bridges/nncp/sticks.h"
#include "gateway/peer_keys.h"
#include "gateway/transport_kind.h"

namespace waypost::nncp {

class NncpTransport final : public Transport,
                            public TellsLive,
                            public UsesParcels,
                            public KeepsSticks,
                            public BringsUpdates,
                            public HasPeerKeys {
  public:
    NncpTransport(TransportId id, NncpOptions options);
    ~NncpTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void tell_to(LiveFeed& feed) override { stick_feed_.emplace(feed, id_); }
    void use(ParcelDesk& desk) override { desk_ = &desk; }
    void keep_sticks_at(CourierDesk& desk) override { courier_desk_ = &desk; }
    void bring_updates_to(UpdateDesk& desk) override { update_desk_ = &desk; }
    std::map<std::string, std::string> peer_keys() const override;
    void revoke(const std::set<std::string>& prints) override { prints_ = prints; }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override { return {0, Sender::kWindow, false}; }
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;

    int port() const { return exchange_ ? exchange_->port() : 0; }  // for sessions; 0: none

  private:
    Status fresh_status() const;
    std::string state_of(const Node& node, const NodeState& state, const LineState& line) const;

    const TransportId id_;
    NncpOptions options_;           // start() takes out of it what is revoked
    std::set<std::string> prints_;  // of revoked keys
    ParcelDesk* desk_ = nullptr;
    CourierDesk* courier_desk_ = nullptr;
    UpdateDesk* update_desk_ = nullptr;
    Office* office_ = nullptr;
    NodeConfig config_;  // what follows stands on what is before it
    std::optional<Spool> spool_;
    std::optional<Routes> routes_;
    std::unique_ptr<SentLog> sent_;
    std::unique_ptr<SentPosts> posts_;
    std::unique_ptr<House> house_;
    std::unique_ptr<Exchange> exchange_;
    std::optional<StickFeed> stick_feed_;  // of the courier's thread
    std::unique_ptr<Courier> courier_;     // may be null
    std::optional<CourierStay> sticks_;    // with those who ask of them
    std::shared_ptr<LinkParcels>
        parcels_;  // may be null; whoever carries them may have it for longer
    std::unique_ptr<Sender> sender_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> keys_;  // under mutex_: as peer_keys() gives them
    std::set<std::string> revoked_;            // names of nodes, constant after start()
    mutable Status status_;                    // under mutex_, as of
    mutable BoxTime status_at_{};              // under mutex_
};

TransportKind nncp_kind();

}  // namespace waypost::nncp
