// SPDX-License-Identifier: Apache-2.0
// The mesh part of a simulated Meshtastic node: managed flooding with a hop limit, duplicates,
// acks, up to three transmissions of what wants an ack, learned next hops (behaviour of
// firmware 2.8 as far as a host can see it). One thread, virtual time.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "radio/simulator/transmitter.h"

namespace waypost::simulator {

struct NodeIdentity {
    std::uint32_t number = 0;
    std::string long_name, short_name;
    std::string public_key;  // 32 bytes
};

struct NodeOptions {
    NodeIdentity identity;
    int region = 3;               // EU_868
    std::uint32_t hop_limit = 3;  // of packets that do not say
    bool router = false;          // repeats early, and also when others did
};

// What a node remembers of another.
struct Known {
    pb::User user;
    BoxTime heard{};
    float snr = 0;
    int hops = -1;
};

class MeshNode final : public Antenna {
  public:
    MeshNode(Scheduler& scheduler, Air& air, Random& random, NodeOptions options);

    // Queues a packet of our own. The answer is a Routing.Error: 0 means taken. An id of 0 is
    // replaced; `packet.id()` of the returned verdicts is that of the packet.
    std::uint32_t send(pb::MeshPacket packet);
    void announce(std::uint32_t to, bool ask_back);  // our node information
    std::uint32_t new_id();

    const NodeIdentity& identity() const { return options_.identity; }
    std::uint32_t number() const { return options_.identity.number; }
    pb::User user() const;
    const std::map<std::uint32_t, Known>& known() const { return known_; }
    void know(const pb::User& user, std::uint32_t number);
    void forget() { known_.clear(); }
    void turn(bool on);
    void reboot();  // forgets what is under way; the nodes known survive
    const Transmitter& transmitter() const { return transmitter_; }
    int index() const { return index_; }

    // For us or for all; a routing packet of the other side too.
    std::function<void(const pb::MeshPacket&)> on_packet;
    // Our own node's word: 0: somebody repeated it; else why it was given up.
    std::function<void(std::uint32_t id, std::uint32_t error)> on_verdict;
    std::function<void(std::uint32_t id)> on_left;  // a packet, also a repeated one, left the radio

    void receive(const OnAir& frame, float snr) override;
    bool on() const override { return transmitter_.on(); }

  private:
    using Key = std::pair<std::uint32_t, std::uint32_t>;  // from, id
    struct Unacked {
        OnAir frame;
        int tries = 0;
    };
    std::uint8_t byte() const { return static_cast<std::uint8_t>(number() & 0xFF); }
    bool seal(OnAir& frame) const;
    void started(const OnAir& frame);
    void retry(std::uint32_t id, int tries);
    void heard_own(const OnAir& frame);
    void heard_again(const OnAir& frame, float snr);
    void note(const pb::MeshPacket& packet, float snr);
    void take_direct(const OnAir& frame, float snr);
    bool can_open(const OnAir& frame);
    void learn_user(const pb::MeshPacket& packet);
    void settle(const OnAir& frame);
    void give(const OnAir& frame, float snr);
    void relay(const OnAir& frame, float snr);
    // mesh_trace.cpp
    void note_on_way(pb::MeshPacket& packet, float snr) const;
    void answer_trace(const pb::MeshPacket& packet);
    void answer(const pb::MeshPacket& packet, std::uint32_t error);
    void remember(const pb::MeshPacket& packet);
    bool seen_lately(const pb::MeshPacket& packet) const;

    Scheduler& scheduler_;
    Air& air_;
    Random& random_;
    NodeOptions options_;
    Transmitter transmitter_;
    int index_ = 0;
    std::map<std::uint32_t, Known> known_;
    std::map<Key, BoxTime> seen_;  // when; forgotten after ten minutes
    std::deque<Key> seen_order_;
    std::map<std::uint32_t, Unacked> unacked_;                  // of ours, by id
    std::map<std::uint32_t, std::set<std::uint8_t>> relayers_;  // of ours, by id
    std::map<std::uint32_t, std::uint8_t> next_hop_;            // by destination
    std::map<std::uint32_t, BoxTime> answered_;                 // acks by id; infos by node
};

}  // namespace waypost::simulator
