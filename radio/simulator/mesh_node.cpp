// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/mesh_node.h"

#include "radio/meshtastic/stream_codec.h"

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

constexpr int kTries = 3;
constexpr milliseconds kAckMargin{4500};  // the firmware's own wait besides airtime and slots
constexpr std::size_t kMostData = 239;    // of 255 on the air, after the radio header
constexpr std::size_t kMostSealed = 227;  // 12 less for tag and nonce
constexpr std::size_t kMostSeen = 1000;
constexpr std::chrono::minutes kRememberSeen{10};  // the firmware's packet history
constexpr std::size_t kMostNotes = 500;

enum Priority : std::uint32_t {
    kBackground = 10,
    kDefault = 64,
    kReliable = 70,
    kHigh = 100,
    kAck = 120
};

std::uint32_t priority_of(const pb::MeshPacket& packet) {
    switch (packet.decoded().portnum()) {
        case kRouting:
            return kAck;
        case kText:
            return kHigh;
        case kNodeInfo:
        case kTelemetry:
            return kBackground;
        default:
            return packet.want_ack() ? kReliable : kDefault;
    }
}

}  // namespace

MeshNode::MeshNode(Scheduler& scheduler, Air& air, Random& random, NodeOptions options)
    : scheduler_(scheduler),
      air_(air),
      random_(random),
      options_(std::move(options)),
      transmitter_(scheduler, air, random, options_.region) {
    index_ = air_.add(*this);
    transmitter_.attach(index_);
    transmitter_.on_start = [this](const OnAir& frame) { started(frame); };
    transmitter_.on_left = [this](const OnAir& frame) {
        if (on_left) on_left(frame.packet.id());
    };
}

pb::User MeshNode::user() const {
    pb::User user;
    user.set_id(node_id(number()));
    user.set_long_name(identity().long_name);
    user.set_short_name(identity().short_name);
    user.set_hw_model(37);  // PORTDUINO
    user.set_public_key(identity().public_key);
    user.set_is_unmessagable(false);
    return user;
}

void MeshNode::know(const pb::User& user, std::uint32_t number) { known_[number].user = user; }

std::uint32_t MeshNode::new_id() {
    return static_cast<std::uint32_t>(random_.below(0xFFFFFFFE)) + 1;
}

void MeshNode::turn(bool on) {
    transmitter_.turn(on);
    if (!on) unacked_.clear();
}

void MeshNode::reboot() {
    const bool was_on = on();
    turn(false);
    seen_.clear();
    seen_order_.clear();
    transmitter_.turn(was_on);
}

bool MeshNode::seen_lately(const pb::MeshPacket& packet) const {
    const auto found = seen_.find({packet.from(), packet.id()});
    return found != seen_.end() && scheduler_.now() - found->second < kRememberSeen;
}

void MeshNode::remember(const pb::MeshPacket& packet) {
    if (!seen_.insert_or_assign({packet.from(), packet.id()}, scheduler_.now()).second) return;
    seen_order_.emplace_back(packet.from(), packet.id());
    if (seen_order_.size() <= kMostSeen) return;
    seen_.erase(seen_order_.front());
    relayers_.erase(seen_order_.front().second);
    seen_order_.pop_front();
}

// Direct traffic goes under both keys, bookkeeping under the channel's. False: no key of theirs.
bool MeshNode::seal(OnAir& frame) const {
    pb::MeshPacket& packet = frame.packet;
    const std::uint32_t port = packet.decoded().portnum();
    packet.clear_public_key();
    packet.clear_pki_encrypted();
    const bool in_channel =
        port == kRouting || port == kNodeInfo || port == kPosition || port == kTraceRoute;
    if (packet.to() == kBroadcast || in_channel) return true;
    const auto other = known_.find(packet.to());
    if (other == known_.end() || other->second.user.public_key().empty()) return false;
    packet.set_pki_encrypted(true);
    packet.set_public_key(identity().public_key);
    frame.sealed_for = other->second.user.public_key();
    return true;
}

std::uint32_t MeshNode::send(pb::MeshPacket packet) {
    OnAir frame;
    packet.set_from(number());
    if (packet.id() == 0) packet.set_id(new_id());
    if (packet.hop_limit() == 0 && packet.want_ack()) packet.set_hop_limit(options_.hop_limit);
    packet.set_hop_limit(std::min(packet.hop_limit(), 7U));
    packet.set_hop_start(packet.hop_limit());
    packet.set_priority(priority_of(packet));
    if (!packet.decoded().has_bitfield()) packet.mutable_decoded()->set_bitfield(1);
    frame.packet = std::move(packet);
    frame.relay_node = byte();
    if (!seal(frame)) return kNoPublicKey;
    const pb::MeshPacket& ready = frame.packet;
    const std::size_t most = ready.pki_encrypted() ? kMostSealed : kMostData;
    if (ready.decoded().ByteSizeLong() > most) return kTooLarge;
    if (!transmitter_.may_spend(air_.airtime(ready))) return kDutyCycle;
    if (transmitter_.free() == 0) return kBadRequest;
    remember(ready);
    const auto way = next_hop_.find(ready.to());
    if (way != next_hop_.end()) frame.next_hop = way->second;
    if (ready.want_ack()) unacked_[ready.id()] = {frame, 0};
    transmitter_.queue(frame, transmitter_.some_slots(transmitter_.contention_window()));
    return kNone;
}

void MeshNode::announce(std::uint32_t to, bool ask_back) {
    pb::MeshPacket packet;
    packet.set_to(to);
    packet.set_hop_limit(options_.hop_limit);
    packet.mutable_decoded()->set_portnum(kNodeInfo);
    packet.mutable_decoded()->set_payload(user().SerializeAsString());
    packet.mutable_decoded()->set_want_response(ask_back);
    send(packet);
}

// A transmission began: how long its ack may take (Meshtastic's retransmission interval).
void MeshNode::started(const OnAir& frame) {
    if (frame.packet.from() != number()) return;
    const auto found = unacked_.find(frame.packet.id());
    if (found == unacked_.end()) return;
    const int tries = ++found->second.tries;
    const double waits = static_cast<double>(1U << transmitter_.contention_window()) + 16 + 32;
    const milliseconds gap =
        air_.airtime(frame.packet) * 2 + transmitter_.slots(waits) + kAckMargin;
    scheduler_.after(gap, [this, id = frame.packet.id(), tries] { retry(id, tries); });
}

void MeshNode::retry(std::uint32_t id, int tries) {
    const auto found = unacked_.find(id);
    if (found == unacked_.end() || found->second.tries != tries) return;
    if (tries < kTries) {
        OnAir frame = found->second.frame;
        if (tries == kTries - 1) frame.next_hop = 0;  // the last one floods
        return transmitter_.queue(std::move(frame), milliseconds(0));
    }
    next_hop_.erase(found->second.frame.packet.to());
    unacked_.erase(found);
    if (on_verdict) on_verdict(id, kMaxRetransmit);
}

void MeshNode::answer(const pb::MeshPacket& packet, std::uint32_t error) {
    if (answered_.size() > kMostNotes) answered_.clear();
    answered_[packet.id()] = scheduler_.now();
    pb::Routing routing;
    routing.set_error_reason(error);
    const std::uint32_t hops =
        packet.hop_start() - std::min(packet.hop_start(), packet.hop_limit());
    const bool reliable = error == kNone && packet.decoded().portnum() == kText;
    pb::MeshPacket ack;
    ack.set_to(packet.from());
    ack.set_want_ack(reliable);
    const bool near = hops == 0 && !reliable;
    ack.set_hop_limit(near ? 0 : std::min(hops + 2, std::max(options_.hop_limit, hops)));
    ack.mutable_decoded()->set_portnum(kRouting);
    ack.mutable_decoded()->set_request_id(packet.id());
    ack.mutable_decoded()->set_payload(routing.SerializeAsString());
    send(ack);
}

}  // namespace waypost::simulator
