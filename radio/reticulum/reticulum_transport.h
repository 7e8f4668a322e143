// SPDX-License-Identifier: Apache-2.0
// The box's own address on Reticulum as a transport, over whatever carries its packets.
//
// Threads: the carrier's, one that ticks, one that makes stamps, and the store's for a moment when
// an attempt has begun or a message is on disk.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "gateway/base/lazy_ticker.h"
#include "gateway/base/live_feed.h"
#include "gateway/base/secret.h"
#include "gateway/talks.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"
#include "radio/airtime/shared_band.h"
#include "radio/reticulum/carrier.h"
#include "radio/reticulum/node.h"
#include "radio/reticulum/stamp_maker.h"

namespace waypost::reticulum {

struct ReticulumOptions {
    NodeOptions node;  // an empty name is the village's
    std::size_t text_bytes = 8192;
    Secret key;  // kIdentity bytes; empty: made at the first start, and kept in the state
};

class ReticulumTransport final : public Transport, public TellsLive, private CarrierDoor {
  public:
    ReticulumTransport(TransportId id, ReticulumOptions options, std::unique_ptr<Carrier> carrier);
    ~ReticulumTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override { return carrier_->up(); }
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;
    void tell_to(LiveFeed& feed) override { packets_ = &feed.packets(); }

    bool tick();  // what the ticker does; true: something is under way
    Carrier& carrier() { return *carrier_; }

  private:
    // What the office's callbacks reach; it outlives the transport.
    struct Gate {
        std::mutex mutex;
        ReticulumTransport* transport = nullptr;  // null: stopped
    };

    // CarrierDoor
    void interface_up(InterfaceNumber on, const InterfaceInfo& info) override;
    void interface_down(InterfaceNumber on) override;
    void came(InterfaceNumber on, const std::string& packet, const HeardSignal& signal) override;
    void carrier_changed() override;

    // reticulum_messages.cpp
    void hand_over(const MessageIn& in);
    void decided(const std::string& message, bool kept);
    Message message_of(const MessageIn& in);
    std::string text_for(const Delivery& delivery) const;

    void make_node();
    Identity own_identity();
    void launch(Outgoing out);
    template <class Call>
    void step(Call call);
    void act(NodeActions actions);
    void tell_office(const NodeActions& actions);
    void put_on_the_way(const std::vector<PacketOut>& packets);
    void remember(const std::vector<std::string>& known, const std::vector<std::string>& forgotten);
    std::int64_t new_time();
    Now now() const { return {office_->clock().box(), office_->clock().wall()}; }

    const TransportId id_;
    ReticulumOptions options_;
    std::unique_ptr<Carrier> carrier_;
    Office* office_ = nullptr;
    PacketTail* packets_ = nullptr;  // null: nobody is told
    mutable std::mutex mutex_;       // both below
    std::unique_ptr<Node> node_;
    std::int64_t last_time_ = 0;  // in a message of ours
    std::unique_ptr<Talks> talks_;
    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    StampMaker stamps_;
    LazyTicker ticker_;
};

// `bands`: that its radios may share with others.
TransportKind reticulum_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>());

inline constexpr char kNetwork[] = "reticulum";
inline constexpr char kScheme[] = "lxmf";

}  // namespace waypost::reticulum
