// SPDX-License-Identifier: Apache-2.0
// The box's own Meshtastic node as a transport, over whatever carries its packets.
//
// Threads: the carrier's, one that ticks, and the store's for a moment when an attempt has begun.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "gateway/base/live_feed.h"
#include "gateway/base/ticker.h"
#include "gateway/transport.h"
#include "radio/meshtastic/node/node_carrier.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::meshtastic {

struct NodeTransportOptions {
    OwnNodeOptions node;  // an empty name is the village's
    std::size_t text_bytes = 200;
};

class NodeTransport final : public Transport, public TellsLive, private NodeDoor {
  public:
    NodeTransport(TransportId id, NodeTransportOptions options,
                  std::unique_ptr<NodeCarrier> carrier);
    ~NodeTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override { return network(); }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override { return carrier_->up(); }
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;
    void tell_to(LiveFeed& feed) override { packets_ = &feed.packets(); }

    void tick();  // what the ticker does

  private:
    // What the office's callbacks reach; it outlives the transport.
    struct Gate {
        std::mutex mutex;
        NodeTransport* transport = nullptr;  // null: stopped
    };

    // NodeDoor, node_transport_in.cpp
    bool came(const std::vector<pb::MeshPacket>& packets) override;
    void carrier_changed() override;
    bool hand_over(const std::vector<TextIn>& texts);
    Message message_of(const TextIn& text) const;

    void make_node();
    void launch(Outgoing out);
    void act(NodeActions actions);
    void put_on_the_way(const std::vector<NodePacket>& packets);
    void keep(const NodeActions& actions);
    BoxTime now() const { return office_->clock().box(); }

    const TransportId id_;
    NodeTransportOptions options_;
    std::unique_ptr<NodeCarrier> carrier_;
    Office* office_ = nullptr;
    PacketTail* packets_ = nullptr;  // null: nobody is told
    mutable std::mutex mutex_;       // both below
    std::unique_ptr<OwnNode> node_;
    bool announced_ = false;
    std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
    Ticker ticker_;
};

}  // namespace waypost::meshtastic
