// SPDX-License-Identifier: Apache-2.0
// A Meshtastic node without a radio, with a key and a number of its own, whatever carries its
// packets (an MQTT broker, a local network). Without I/O or clock: packets and time in, actions out
// (Meshtastic protocol as of firmware 2.8). One thread at a time.
//
// It is the addressee's node, so its ack to a direct message says what the box's custody says: it
// goes out when the message is on disk (accepted), and not before.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/lru_map.h"
#include "gateway/message/geo_point.h"
#include "radio/meshtastic/node/channel_key.h"
#include "radio/meshtastic/node/node_key.h"
#include "radio/meshtastic/node/nodes.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {

namespace pb {
class Data;
}  // namespace pb

struct OwnNodeOptions {
    std::string name;                  // at most 24 bytes
    std::string short_name;            // at most 4
    std::vector<ChannelKey> channels;  // one or more; acks and what is for one node go on the first
    std::uint32_t hop_limit = 3;
    bool takes_open = false;        // packets that are in clear, whose sender anybody may say to be
    std::optional<GeoPoint> place;  // told as finely as each channel may carry it
    std::chrono::hours node_info_every{3};  // as firmware does
    milliseconds resend{20'000};            // until it was acknowledged, three times in all
    milliseconds verdict_wait{75'000};
};

// A packet that is to leave.
struct NodePacket {
    std::uint32_t id = 0;
    std::string channel;  // its name; "PKI": sealed to one node's key
    std::string sealed;   // MeshPacket as it goes on the air
    std::string open;     // the same in clear; empty: it goes sealed or not at all
};
inline constexpr char kPki[] = "PKI";

struct NodeActions {
    std::vector<NodePacket> send;
    std::vector<TextIn> texts;
    std::vector<PacketSeen> packets;  // as whoever looks on may see them; without time
    std::vector<std::pair<std::uint32_t, Heard>> heard;
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::uint32_t, Proof>> proofs;  // by packet id, of attempts that ended
    std::vector<std::uint32_t> known;                     // whose record is another now
    std::vector<std::uint32_t> forgotten;                 // likewise, to be erased
};

struct NodeCounters {
    std::uint64_t repeats = 0;     // the same packet, by another gateway or way
    std::uint64_t unreadable = 0;  // other keys, broken ones
    std::uint64_t refused = 0;     // against the rules: hops, numbers, in clear, administration
};

class OwnNode {
  public:
    OwnNode(OwnNodeOptions options, NodeKey key, Random& random);

    // One of another node; whether `packet` is sealed or in clear is in it.
    NodeActions received(const pb::MeshPacket& packet, BoxTime now);
    // Of a text that received() gave: it is on disk. With `kept` false it is not, and may come
    // again.
    NodeActions accepted(std::uint32_t from, std::uint32_t id, bool kept, BoxTime now);
    NodeActions send(Outgoing out, BoxTime now);
    // No carrier took it: there was no line.
    NodeActions not_sent(std::uint32_t packet_id);
    NodeActions tick(BoxTime now);
    NodeActions announce(BoxTime now);  // who we are, to all
    NodeActions give_back();            // what is under way ends without a verdict

    std::uint32_t number() const { return key_.number(); }
    const NodeKey& key() const { return key_; }
    Nodes& nodes() { return nodes_; }
    const Nodes& nodes() const { return nodes_; }
    const NodeCounters& counters() const { return counters_; }
    const OwnNodeOptions& options() const { return options_; }
    std::size_t under_way() const { return flights_.size(); }

  private:
    static constexpr std::size_t kMostSeen = 20'000;
    struct Flight {
        Outgoing out;
        NodePacket packet;
        BoxTime again{};
        BoxTime deadline{};
        int sent = 1;
    };
    struct Seen {
        bool direct = false;  // a text to us that wants an ack
        bool kept = false;
        BoxTime acked{};
    };
    struct Opened;

    // own_node_receive.cpp
    Seen* seen_before(const pb::MeshPacket& packet);
    std::optional<Opened> open(const pb::MeshPacket& packet, BoxTime now, NodeActions& actions);
    std::optional<Opened> open_sealed(const pb::MeshPacket& packet, NodeActions& actions);
    std::optional<Opened> open_by_channel(const pb::MeshPacket& packet);
    void refuse_unknown(const pb::MeshPacket& packet, BoxTime now, NodeActions& actions);
    void hear(const pb::MeshPacket& packet, const Opened& opened, BoxTime now,
              NodeActions& actions);
    void take_user(std::uint32_t from, const Opened& opened, KnownNode& node, Heard& heard,
                   BoxTime now, NodeActions& actions);
    void take_text(const pb::MeshPacket& packet, const Opened& opened, NodeActions& actions);
    void take_routing(const pb::MeshPacket& packet, const Opened& opened, NodeActions& actions);
    bool may_greet(int most_per_hour, BoxTime now);
    KnownNode& node_at(std::uint32_t number, NodeActions& actions);

    // own_node_send.cpp
    NodePacket on_channel(const ChannelKey& channel, std::uint32_t to, const pb::Data& data,
                          bool want_ack);
    std::optional<NodePacket> sealed_to(const std::string& key, std::uint32_t to, std::uint32_t id,
                                        const pb::Data& data);
    void put(NodePacket packet, const std::string& words, NodeActions& actions);
    void send_user(std::uint32_t to, bool ask_back, NodeActions& actions);
    void send_routing(std::uint32_t to, std::uint32_t id, std::uint32_t error,
                      NodeActions& actions);
    void end(std::uint32_t packet_id, Outcome outcome, NodeActions& actions);
    std::uint32_t new_id();

    OwnNodeOptions options_;
    NodeKey key_;
    Random& random_;
    Nodes nodes_;
    std::map<std::uint32_t, Flight> flights_;  // by packet id
    LruMap<Seen> seen_{kMostSeen};             // by seen_key()
    BoxTime next_announce_{};
    BoxTime greeting_since_{};
    int greetings_ = 0;  // in the hour since then
    NodeCounters counters_;
};

}  // namespace waypost::meshtastic
