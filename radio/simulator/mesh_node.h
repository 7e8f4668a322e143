// SPDX-License-Identifier: Apache-2.0
// The mesh part of a simulated Meshtastic node: flooding with a hop limit, duplicates, acks, up to
// three transmissions of what wants an ack (behaviour of firmware 2.8 as far as a host can see it).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "radio/simulator/air.h"

namespace waypost::simulator {

struct NodeIdentity {
    std::uint32_t number = 0;
    std::string long_name, short_name;
    std::string public_key;  // 32 bytes
};

class MeshNode final : public Antenna {
  public:
    MeshNode(Scheduler& scheduler, Air& air, Random& random, NodeIdentity identity);

    // Queues a packet of our own; its id is set. A direct text needs the other's key: the routing
    // error is returned (0: taken).
    std::uint32_t send(pb::MeshPacket packet);
    void announce(std::uint32_t to, bool ask_back);  // our node information

    const NodeIdentity& identity() const { return identity_; }
    const std::map<std::uint32_t, pb::User>& known() const { return known_; }
    void know(const NodeIdentity& other);
    void forget() { known_.clear(); }
    void turn(bool on) { on_ = on; }
    int queue_free() const { return 16 - static_cast<int>(out_.size()); }
    int index() const { return index_; }

    std::function<void(const pb::MeshPacket&)> on_packet;  // for us or for all
    std::function<void(std::uint32_t id, std::uint32_t error, std::uint32_t by)> on_verdict;
    std::function<void(std::uint32_t id)> on_left;  // left the radio

    void receive(const pb::MeshPacket& packet, float snr) override;
    bool on() const override { return on_; }

  private:
    void queue(pb::MeshPacket packet, milliseconds delay);
    void pump();
    void acknowledge(const pb::MeshPacket& packet);
    void watch(pb::MeshPacket packet, int tries);
    bool seen(const pb::MeshPacket& packet);
    milliseconds slots(std::uint64_t most);

    Scheduler& scheduler_;
    Air& air_;
    Random& random_;
    NodeIdentity identity_;
    int index_ = 0;
    bool on_ = true;
    bool pumping_ = false;
    std::deque<pb::MeshPacket> out_;
    std::map<std::uint32_t, pb::User> known_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
    std::set<std::uint32_t> unacked_;  // of ours
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> cancelled_;
};

}  // namespace waypost::simulator
