// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/mesh_node.h"

#include "radio/meshtastic/stream_codec.h"

namespace waypost::simulator {
namespace {

using meshtastic::kBroadcast;
using meshtastic::kMaxRetransmit;
using meshtastic::kNodeInfo;
using meshtastic::kNone;
using meshtastic::kNoPublicKey;
using meshtastic::kRouting;
using meshtastic::kText;

constexpr int kTries = 3;
constexpr milliseconds kSlot{28};         // LONG_FAST: 2.5 symbols and 7.6 ms
constexpr milliseconds kAckMargin{4500};  // the firmware's own wait besides airtime and slots

}  // namespace

MeshNode::MeshNode(Scheduler& scheduler, Air& air, Random& random, NodeIdentity identity)
    : scheduler_(scheduler), air_(air), random_(random), identity_(std::move(identity)) {
    index_ = air_.add(*this);
}

void MeshNode::know(const NodeIdentity& other) {
    pb::User user;
    user.set_id(meshtastic::node_id(other.number));
    user.set_long_name(other.long_name);
    user.set_short_name(other.short_name);
    user.set_public_key(other.public_key);
    known_[other.number] = user;
}

milliseconds MeshNode::slots(std::uint64_t most) {
    return kSlot * static_cast<int>(random_.below(most + 1));
}

std::uint32_t MeshNode::send(pb::MeshPacket packet) {
    packet.set_from(identity_.number);
    if (packet.hop_limit() == 0) packet.set_hop_limit(3);
    packet.set_hop_start(packet.hop_limit());
    packet.mutable_decoded()->set_bitfield(1);
    const std::uint32_t port = packet.decoded().portnum();
    const bool sealed = packet.to() != kBroadcast && port != kRouting && port != kNodeInfo;
    if (sealed) {
        if (known_.count(packet.to()) == 0) return kNoPublicKey;
        packet.set_pki_encrypted(true);
        packet.set_public_key(identity_.public_key);
    }
    seen(packet);
    if (packet.want_ack() && packet.to() != kBroadcast) unacked_.insert(packet.id());
    queue(packet, slots(4));
    return kNone;
}

void MeshNode::announce(std::uint32_t to, bool ask_back) {
    pb::User user;
    user.set_id(meshtastic::node_id(identity_.number));
    user.set_long_name(identity_.long_name);
    user.set_short_name(identity_.short_name);
    user.set_public_key(identity_.public_key);
    pb::MeshPacket packet;
    packet.set_to(to);
    packet.set_id(static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1);
    packet.mutable_decoded()->set_portnum(kNodeInfo);
    packet.mutable_decoded()->set_payload(user.SerializeAsString());
    packet.mutable_decoded()->set_want_response(ask_back);
    send(packet);
}

void MeshNode::queue(pb::MeshPacket packet, milliseconds delay) {
    scheduler_.after(delay, [this, packet = std::move(packet)] {
        if (!on_) return;
        out_.push_back(packet);
        pump();
    });
}

// One at a time, and not while somebody else is heard.
void MeshNode::pump() {
    if (pumping_ || out_.empty() || !on_) return;
    if (air_.busy(index_)) {
        pumping_ = true;
        scheduler_.after(kSlot * 2 + slots(16), [this] {
            pumping_ = false;
            pump();
        });
        return;
    }
    pb::MeshPacket packet = out_.front();
    out_.pop_front();
    if (cancelled_.count({packet.from(), packet.id()}) > 0 && packet.from() != identity_.number)
        return pump();
    pumping_ = true;
    air_.transmit(index_, packet);
    scheduler_.after(air_.airtime(packet), [this, packet] {
        pumping_ = false;
        if (packet.from() == identity_.number && on_left) on_left(packet.id());
        pump();
    });
    if (packet.from() == identity_.number && unacked_.count(packet.id()) > 0) watch(packet, 1);
}

void MeshNode::watch(pb::MeshPacket packet, int tries) {
    const milliseconds gap = air_.airtime(packet) * 2 + kSlot * (16 + 32 + 8) + kAckMargin;
    scheduler_.after(gap, [this, packet, tries] {
        if (unacked_.count(packet.id()) == 0 || !on_) return;
        if (tries >= kTries) {
            unacked_.erase(packet.id());
            if (on_verdict) on_verdict(packet.id(), kMaxRetransmit, identity_.number);
            return;
        }
        air_.transmit(index_, packet);
        watch(packet, tries + 1);
    });
}

bool MeshNode::seen(const pb::MeshPacket& packet) {
    if (seen_.size() > 4000) seen_.clear();
    return !seen_.insert({packet.from(), packet.id()}).second;
}

void MeshNode::receive(const pb::MeshPacket& packet, float snr) {
    if (packet.from() == identity_.number) return;
    if (seen(packet)) {
        cancelled_[{packet.from(), packet.id()}] = true;  // somebody else repeated it: we need not
        // A repeat of what we had means that our ack was lost.
        if (packet.to() == identity_.number && packet.want_ack()) acknowledge(packet);
        return;
    }
    pb::MeshPacket copy = packet;
    copy.set_rx_snr(snr);
    if (packet.decoded().portnum() == kNodeInfo) {
        pb::User user;
        if (user.ParseFromString(packet.decoded().payload())) known_[packet.from()] = user;
        if (packet.decoded().want_response() && packet.to() == identity_.number)
            announce(packet.from(), false);
    }
    if (packet.to() == identity_.number) {
        if (packet.pki_encrypted() && known_.count(packet.from()) == 0) {
            NodeIdentity sender{packet.from(), "", "", packet.public_key()};
            know(sender);
        }
        if (packet.decoded().portnum() == kRouting &&
            unacked_.erase(packet.decoded().request_id()) > 0 && on_verdict) {
            pb::Routing routing;
            routing.ParseFromString(packet.decoded().payload());
            on_verdict(packet.decoded().request_id(), routing.error_reason(), packet.from());
        }
        if (on_packet) on_packet(copy);
        if (packet.want_ack()) acknowledge(packet);
        return;
    }
    if (packet.to() == kBroadcast && on_packet) on_packet(copy);
    if (packet.hop_limit() > 0) {
        copy.set_hop_limit(packet.hop_limit() - 1);
        queue(copy, kSlot * 16 + slots(8));
    }
}

void MeshNode::acknowledge(const pb::MeshPacket& packet) {
    pb::Routing routing;
    routing.set_error_reason(kNone);
    pb::MeshPacket ack;
    ack.set_to(packet.from());
    ack.set_id(static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1);
    ack.set_hop_limit(
        std::max(1u, packet.hop_start() - std::min(packet.hop_start(), packet.hop_limit()) + 1));
    ack.mutable_decoded()->set_portnum(kRouting);
    ack.mutable_decoded()->set_request_id(packet.id());
    ack.mutable_decoded()->set_payload(routing.SerializeAsString());
    send(ack);
}

}  // namespace waypost::simulator
