// SPDX-License-Identifier: Apache-2.0
// The box's own address on Reticulum, an endpoint that speaks LXMF: without I/O, clock or thread.
// Packets of its interfaces and time in, actions out. It forwards nothing for others (no transport
// node) and keeps nothing for them (no propagation node). One thread at a time.
//
// Custody: the proof of what came leaves when the message is on disk (accepted), and not before;
// what we sent is delivered when its proof came, and not before.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/lru_map.h"
#include "gateway/base/packet_tail.h"
#include "gateway/transport.h"
#include "radio/reticulum/carrier.h"
#include "radio/reticulum/lxmf/message.h"
#include "radio/reticulum/peers.h"
#include "radio/reticulum/resource/incoming_resource.h"
#include "radio/reticulum/resource/outgoing_resource.h"
#include "radio/reticulum/wire/announce.h"
#include "radio/reticulum/wire/link_handshake.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

struct Now {
    BoxTime box{};
    WallTime wall{};
};

struct NodeOptions {
    std::string name;  // as others see it
    milliseconds announce_every{std::chrono::hours(6)};
    int max_stamp_cost = 16;                // of what a recipient asks for
    std::size_t most_message = 256 * 1024;  // bytes of what comes as a Resource
    std::size_t most_text = 48 * 1024;      // of title and content
};

struct Outgoing {
    AttemptId attempt;
    std::string wire_id;       // wire_id_of()
    std::string to;            // kHash bytes
    std::int64_t time_ms = 0;  // Unix time in the message: a repeat has the same
    std::string text;
    std::string answers;  // id of a message that came: kFullHash bytes; or empty
    bool alarm = false;
};

struct MessageIn {
    std::string id;       // kFullHash bytes: for accepted()
    LxmfMessage lxmf;     // signed by who it is from; of what is attached no bytes
    std::string name;     // of its sender, as he announced it
    std::string key;      // his signing key
    int hops = -1;        // -1: not known
    std::string answers;  // wire id of one of ours, or empty
};

struct PacketOut {
    InterfaceNumber on = 0;
    std::string bytes;
    std::string wire_id;  // of the message that it carries or asks a link for; empty: none
    bool alarm = false;
};

// A proof of work that a recipient asks for; stamped() takes the answer.
struct StampWanted {
    std::string wire_id;
    std::string id;  // of the message
    int cost = 0;
};

struct NodeActions {
    std::vector<PacketOut> send;
    std::vector<MessageIn> messages;  // accepted() is awaited for each
    std::vector<StampWanted> stamps;
    std::vector<PacketSeen> packets;                   // without time and transport
    std::vector<std::pair<std::string, Heard>> heard;  // by destination; key in bytes
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::string, Proof>> proofs;  // by wire id, of attempts that ended
    std::vector<std::string> known;                     // destinations whose record is another now
    std::vector<std::string> forgotten;                 // likewise, to be erased
    std::optional<std::uint64_t> emitted;               // the time in our newest announce
};

struct NodeCounters {
    std::uint64_t unreadable = 0;  // no packets, foreign keys, no LXMF
    std::uint64_t forged = 0;      // signed by somebody else
    std::uint64_t repeats = 0;     // messages that came again
    std::uint64_t dropped = 0;     // for want of room
    std::uint64_t unknown = 0;     // whose sender did not make himself known in time
};

class Node {
  public:
    Node(NodeOptions options, Identity identity, Random& random);
    ~Node();

    NodeActions interface_up(InterfaceNumber on, const InterfaceInfo& info, const Now& now);
    NodeActions interface_down(InterfaceNumber on, const Now& now);
    NodeActions received(InterfaceNumber on, std::string_view bytes, const HeardSignal& signal,
                         const Now& now);
    // Of a message that received() gave: it is on disk, or refused for good. With `kept` false it
    // is neither, and may come again.
    NodeActions accepted(const std::string& id, bool kept);
    NodeActions send(Outgoing out, const Now& now);
    // The carrier did not take a packet of this message. `wait`: of NoAirtime.
    NodeActions not_sent(const std::string& wire_id, Carrier::Took why,
                         std::optional<std::chrono::seconds> wait, const Now& now);
    NodeActions stamped(const std::string& wire_id, std::optional<std::string> stamp,
                        const Now& now);
    NodeActions tick(const Now& now);
    // Nothing is under way: tick() has no more to do than an announce now and then.
    bool idle() const { return flights_.empty() && links_.empty() && unsigned_.empty(); }
    NodeActions give_back();  // what is under way ends without a verdict
    // This one matters: his record is kept, if he is known.
    NodeActions keep(const std::string& destination);

    const std::string& destination() const { return own_; }  // kHash bytes
    // As kept: the next announce has no earlier time, whatever the clock says after a power cut.
    void last_emitted(std::uint64_t unix_seconds) { last_emitted_ = unix_seconds; }
    Peers& peers() { return peers_; }
    const Peers& peers() const { return peers_; }
    const NodeCounters& counters() const { return counters_; }
    const NodeOptions& options() const { return options_; }
    std::size_t under_way() const { return flights_.size(); }
    std::size_t links() const { return links_.size(); }
    // Packets can go there now, as far as is known.
    bool has_way(const std::string& destination) const;

  private:
    static constexpr std::size_t kMostSeen = 4'000;
    static constexpr std::size_t kMostAnnounces = 4'000;
    static constexpr std::size_t kMostSent = 2'000;
    static constexpr std::size_t kMostTags = 256;
    static constexpr std::size_t kMostAnnounced = 256;

    struct Interface {
        InterfaceInfo info;
        BoxTime next_announce{};
        BoxTime answered{};  // a path request
    };
    // What the sender of a message waits for.
    struct Receipt {
        InterfaceNumber on = 0;   // of a single packet
        std::string packet_hash;  // of a packet, on a link or single
        std::string link;
        std::string resource;
    };
    struct Seen {
        bool kept = false;
        std::vector<Receipt> owed;
    };
    // One whose sender we do not know yet.
    struct Unsigned {
        ReceivedLxmf received;
        Receipt receipt;
        int hops = -1;
        BoxTime until{};
    };
    struct Flight {
        Outgoing out;
        PackedLxmf bare;     // without a stamp
        PackedLxmf packed;   // as it leaves
        int stamp_cost = 0;  // of the stamp that it has
        int stamp_wanted = 0;
        bool stamping = false;  // one of stamp_wanted
        int asked = 0;          // for a way
        int tries = 0;          // that may have left, requests of links among them
        bool has_left = false;  // the message itself may have
        BoxTime due{};          // something has to happen then
        std::string on;         // the link that has it; empty: none
    };
    struct SentPacket {
        std::string wire_id;
        std::string hash;
        std::string to;
    };
    struct LinkState;

    // node.cpp
    void announce_on(InterfaceNumber on, bool answers, const Now& now, NodeActions& actions);
    void announce_where_due(const Now& now, NodeActions& actions);
    milliseconds announce_pause(const Interface& interface) const;
    void put(InterfaceNumber on, const Packet& packet, const std::string& words,
             NodeActions& actions, const Flight* flight = nullptr);
    void request_path(const std::string& to, const Now& now, NodeActions& actions);
    bool is_up(InterfaceNumber on) const { return interfaces_.count(on) > 0; }
    const Path* way_to(const Peer* peer) const;
    int bits_per_second(InterfaceNumber on) const;
    milliseconds patience(InterfaceNumber on, int hops, std::size_t bytes) const;
    void keep(const std::string& destination, NodeActions& actions);

    // node_receive.cpp
    void on_announce(InterfaceNumber on, const Packet& packet, const HeardSignal& signal,
                     const Now& now, NodeActions& actions);
    void learn(InterfaceNumber on, const Announce& announce, const Packet& packet,
               const HeardSignal& signal, const Now& now, NodeActions& actions);
    void note_changed(const Now& now, NodeActions& actions);
    void on_path_request(InterfaceNumber on, const Packet& packet, const Now& now,
                         NodeActions& actions);
    void on_single(InterfaceNumber on, const Packet& packet, const Now& now, NodeActions& actions);
    void on_proof(const Packet& packet, NodeActions& actions);
    // False: it is not taken, and never will be.
    bool take(ReceivedLxmf received, Receipt receipt, int hops, const Now& now,
              NodeActions& actions);
    bool take_signed(ReceivedLxmf received, Receipt receipt, int hops, const Peer& from,
                     NodeActions& actions);
    void hold_unsigned(ReceivedLxmf received, Receipt receipt, int hops, const Now& now,
                       NodeActions& actions);
    void now_known(const std::string& destination, NodeActions& actions);
    void pay(const Receipt& receipt, NodeActions& actions);
    void forget(const Receipt& receipt);  // nothing will be paid for it
    void drop_lost_resources();
    LxmfLimits lxmf_limits() const;

    // node_send.cpp
    void advance(Flight& flight, const Now& now, NodeActions& actions);
    void advance_to(const std::string& destination, const Now& now, NodeActions& actions);
    void wait_for_interface(Flight& flight, const Now& now, NodeActions& actions);
    void ask_for_way(Flight& flight, const Now& now, NodeActions& actions);
    bool has_stamp(Flight& flight, const Peer& peer, NodeActions& actions);
    void send_single(Flight& flight, const Peer& peer, const Path& path, const Now& now,
                     NodeActions& actions);
    void delivered(const std::string& wire_id, NodeActions& actions);
    void finish(const std::string& wire_id, Outcome outcome, NodeActions& actions);
    void end_without_verdict(Flight& flight, NodeActions& actions);
    Flight* flight(const std::string& wire_id);
    void expire_flights(const Now& now, NodeActions& actions);

    // node_links.cpp
    LinkState* open_link_with(const std::string& destination);
    void open_link(Flight& flight, const Peer& peer, const Path& path, const Now& now,
                   NodeActions& actions);
    void send_on_link(Flight& flight, LinkState& state, const Now& now, NodeActions& actions);
    void on_link_request(InterfaceNumber on, const Packet& packet, const Now& now,
                         NodeActions& actions);
    void on_link_open(LinkState& state, const Packet& proof, const Now& now, NodeActions& actions);
    void on_link_packet(LinkState& state, const Packet& packet, const Now& now,
                        NodeActions& actions);
    void on_link_data(LinkState& state, const Packet& packet, const Now& now, NodeActions& actions);
    void on_link_receipt(LinkState& state, const Packet& packet, const Now& now,
                         NodeActions& actions);
    void on_identify(LinkState& state, const Packet& packet, const Now& now, NodeActions& actions);
    void drop_link(const std::string& id, bool tell, const Now& now, NodeActions& actions);
    bool make_room_for_link(InterfaceNumber on, const Now& now, NodeActions& actions);
    void look_after_link(LinkState& state, const Now& now, NodeActions& actions);
    void look_after_links(const Now& now, NodeActions& actions);
    void put_on(LinkState& state, const Packet& packet, const std::string& words,
                NodeActions& actions, const Flight* flight = nullptr);

    // node_resources.cpp
    ResourceLink resource_link(const LinkState& state) const;
    void on_resource_frame(LinkState& state, const Packet& packet, const Now& now,
                           NodeActions& actions);
    void on_advertisement(LinkState& state, const ResourceFrame& frame, const Now& now,
                          NodeActions& actions);
    void on_cache_request(LinkState& state, const Packet& packet, NodeActions& actions);
    void send_resource(Flight& flight, LinkState& state, const Now& now, NodeActions& actions);
    void look_at_resources(LinkState& state, const Now& now, NodeActions& actions);
    void call_off(LinkState& state, NodeActions& actions);
    void send_next_on(const std::string& link, const std::string& last, const Now& now,
                      NodeActions& actions);
    void whole(LinkState& state, IncomingResource& resource, const Now& now, NodeActions& actions);
    void put_frames(LinkState& state, const ResourceFrames& frames, NodeActions& actions);

    NodeOptions options_;
    Identity identity_;
    Random& random_;
    std::string own_;
    Peers peers_;
    std::set<std::string> changed_;  // of those kept: not on record yet
    std::map<InterfaceNumber, Interface> interfaces_;
    LruMap<BoxTime> announced_{kMostAnnounced};  // by name of interface: connections come again
    std::uint64_t last_emitted_ = 0;
    LruMap<int> announces_{kMostAnnounces};  // hops, by the hash of what is proven to be good
    LruMap<bool> tags_{kMostTags};           // of path requests that were answered
    LruMap<BoxTime> path_asked_{kMostSent};  // by destination
    LruMap<Seen> seen_{kMostSeen};           // by id of message
    std::size_t undecided_ = 0;
    std::vector<Unsigned> unsigned_;
    std::vector<std::pair<std::string, std::string>> lost_;    // links and resources on them
    std::map<std::string, Flight> flights_;                    // by wire id
    LruMap<SentPacket> sent_{kMostSent};                       // by short hash of the packet
    LruMap<std::string> written_{kMostSent};                   // wire ids of ours, by id of message
    std::map<std::string, std::unique_ptr<LinkState>> links_;  // by id
    NodeCounters counters_;
};

// "DESTINATION.TIME": 32 and at most 16 hex digits.
std::string wire_id_of(std::string_view destination, std::int64_t time_ms);
std::optional<std::int64_t> time_in(std::string_view wire_id);

}  // namespace waypost::reticulum
