// SPDX-License-Identifier: Apache-2.0
// What a simulated node does with a packet that it hears.
#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/mesh_node.h"

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

constexpr milliseconds kAnswerAgain{4000};  // a copy over another way is no new question
constexpr milliseconds kInfoAgain{60'000};
constexpr std::size_t kMostKnown = 250;
constexpr int kWaitBeforeRelay = 16;  // slots; routers do not wait them

// Fields that our schema leaves out, written as the protobuf encoding has them:
// relay_node (19) and transport_mechanism (21) = LoRa.
void add_radio_fields(pb::MeshPacket& packet, std::uint8_t relay_node) {
    std::string fields = "\x98\x01";
    fields += static_cast<char>(relay_node);
    if (relay_node >= 0x80) fields += '\x01';  // a varint of two bytes
    fields += "\xA8\x01\x01";
    packet.MergeFromString(fields);
}

// Far nodes (weak signal) repeat first: their copy reaches farther.
int relay_window(float snr) { return 3 + static_cast<int>(std::clamp((snr + 20) / 6, 0.0F, 5.0F)); }

}  // namespace

void MeshNode::receive(const OnAir& frame, float snr) {
    const pb::MeshPacket& packet = frame.packet;
    transmitter_.heard(air_.airtime(packet));
    if (packet.from() == number()) return heard_own(frame);
    note(packet, snr);
    if (seen_lately(packet)) return heard_again(frame, snr);
    remember(packet);
    if (packet.to() == number()) return take_direct(frame, snr);
    if (packet.decoded().portnum() == kNodeInfo) learn_user(packet);
    if (packet.to() == kBroadcast) give(frame, snr);
    relay(frame, snr);
}

// Somebody repeats what we sent: an implicit ack, and no reason to say it again ourselves.
void MeshNode::heard_own(const OnAir& frame) {
    const std::uint32_t id = frame.packet.id();
    relayers_[id].insert(frame.relay_node);
    if (unacked_.erase(id) > 0 && on_verdict) on_verdict(id, kNone);
}

void MeshNode::heard_again(const OnAir& frame, float snr) {
    const pb::MeshPacket& packet = frame.packet;
    const bool from_origin = packet.hop_start() > 0 && packet.hop_start() == packet.hop_limit();
    if (packet.to() == number()) {
        const auto last = answered_.find(packet.id());
        const bool recent =
            last != answered_.end() && scheduler_.now() - last->second < kAnswerAgain;
        if (packet.want_ack() && !recent) answer(packet, kNone);
        return;
    }
    if (from_origin) {
        if (!transmitter_.waiting(packet.from(), packet.id())) relay(frame, snr);
    } else if (!options_.router) {
        transmitter_.cancel(packet.from(), packet.id());
    }
}

void MeshNode::note(const pb::MeshPacket& packet, float snr) {
    if (known_.size() >= kMostKnown && known_.count(packet.from()) == 0) {
        known_.erase(std::min_element(
            known_.begin(), known_.end(),
            [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; }));
    }
    Known& known = known_[packet.from()];
    known.heard = scheduler_.now();
    known.snr = snr;
    if (packet.hop_start() >= packet.hop_limit()) {
        known.hops = static_cast<int>(packet.hop_start() - packet.hop_limit());
    }
}

// A key once learned stays: a node information with another one is not believed.
void MeshNode::learn_user(const pb::MeshPacket& packet) {
    pb::User user;
    if (!user.ParseFromString(packet.decoded().payload())) return;
    Known& known = known_[packet.from()];
    const std::string& held = known.user.public_key();
    if (held.empty() || held == user.public_key()) known.user = user;
    if (!packet.decoded().want_response()) return;
    BoxTime& last = answered_[packet.from()];
    if (last != BoxTime{} && scheduler_.now() - last < kInfoAgain) return;
    last = scheduler_.now();
    announce(packet.from(), false);
}

// Both keys must fit, as in Meshtastic's PKC; if not, the sender is told why.
bool MeshNode::can_open(const OnAir& frame) {
    const pb::MeshPacket& packet = frame.packet;
    if (!packet.pki_encrypted()) return true;
    const std::string& held = known_[packet.from()].user.public_key();
    if (held == packet.public_key() && frame.sealed_for == identity().public_key) return true;
    if (packet.want_ack()) answer(packet, held.empty() ? kPkiUnknownKey : kNoChannel);
    if (held.empty()) announce(packet.from(), true);
    return false;
}

void MeshNode::take_direct(const OnAir& frame, float snr) {
    const pb::MeshPacket& packet = frame.packet;
    if (!can_open(frame)) return;
    if (packet.decoded().portnum() == kRouting) settle(frame);
    OnAir mine = frame;
    note_on_way(mine.packet, snr);
    give(mine, snr);
    if (packet.want_ack()) answer(packet, kNone);
    answer_trace(mine.packet);
    if (packet.decoded().portnum() == kNodeInfo) learn_user(packet);
}

// An ack, or the addressee's refusal. What repeated both the question and the answer is the way.
void MeshNode::settle(const OnAir& frame) {
    const std::uint32_t id = frame.packet.decoded().request_id();
    unacked_.erase(id);
    const bool direct = frame.relay_node == static_cast<std::uint8_t>(frame.packet.from() & 0xFF);
    if (direct || relayers_[id].count(frame.relay_node) > 0) {
        next_hop_[frame.packet.from()] = frame.relay_node;
    }
}

void MeshNode::give(const OnAir& frame, float snr) {
    if (!on_packet) return;
    pb::MeshPacket packet = frame.packet;
    packet.set_rx_snr(snr);
    packet.set_rx_rssi(static_cast<int>(snr) - 110);
    add_radio_fields(packet, frame.relay_node);
    on_packet(packet);
}

void MeshNode::relay(const OnAir& frame, float snr) {
    const pb::MeshPacket& packet = frame.packet;
    if (packet.hop_limit() == 0 || packet.to() == number()) return;
    if (frame.next_hop != 0 && frame.next_hop != byte()) return;
    OnAir copy = frame;
    copy.packet.set_hop_limit(packet.hop_limit() - 1);
    note_on_way(copy.packet, snr);
    copy.relay_node = byte();
    const auto way = next_hop_.find(packet.to());
    copy.next_hop =
        way == next_hop_.end() || way->second == frame.relay_node ? std::uint8_t{0} : way->second;
    const int window = relay_window(snr);
    const milliseconds delay =
        options_.router ? transmitter_.slots(static_cast<double>(
                              random_.below(static_cast<std::uint64_t>(2 * window) + 1)))
                        : transmitter_.slots(kWaitBeforeRelay) + transmitter_.some_slots(window);
    transmitter_.queue(std::move(copy), delay);
}

}  // namespace waypost::simulator
