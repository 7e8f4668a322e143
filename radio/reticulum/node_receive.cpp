// SPDX-License-Identifier: Apache-2.0
// What comes to the node: announces, path requests, single packets, and messages by whatever way.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/reticulum/link_state.h"
#include "radio/reticulum/lxmf/app_data.h"
#include "radio/reticulum/wire/path_request.h"
#include "radio/reticulum/wire/proof.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

using std::chrono::seconds;

constexpr milliseconds kAnswerAgain{500};  // a path request on one fast interface
constexpr std::size_t kMostUndecided = 64;
constexpr std::size_t kMostOwed = 8;  // receipts of one message
constexpr std::size_t kMostUnsigned = 32;
constexpr std::size_t kMostUnsignedBytes = 1 << 20;
constexpr seconds kAwaitSender{60};
constexpr seconds kNoteAgain{60};
constexpr std::uint64_t kClockError = 24 * 3600;  // by which an announce may be off

// The time in an announce, where it can be one.
std::optional<std::uint64_t> plausible(std::uint64_t emitted, const Now& now) {
    const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(to_ms(now.wall) / 1000, 0));
    const std::uint64_t apart = emitted > wall ? emitted - wall : wall - emitted;
    return apart <= kClockError ? std::optional(emitted) : std::nullopt;
}

std::size_t size_of(const ReceivedLxmf& received) {
    const LxmfMessage& message = received.message;
    std::size_t bytes = message.content.size() + received.signed_part.size();
    for (const LxmfFile& file : message.files) bytes += file.name.size() + file.data.size();
    if (message.image) bytes += message.image->data.size();
    for (const auto& [key, value] : message.other_fields) bytes += value.size();
    return bytes;
}

// What is attached is only counted: its bytes make room at once.
void drop_attached(LxmfMessage& message) {
    message.files = std::vector<LxmfFile>(message.files.size());
    if (message.image) message.image.emplace();
    for (auto& [key, value] : message.other_fields) std::string().swap(value);
}

}  // namespace

NodeActions Node::received(InterfaceNumber on, std::string_view bytes, const HeardSignal& signal,
                           const Now& now) {
    NodeActions actions;
    auto packet = parse_packet(bytes);
    // What names a next transport node is for that one, and we are none.
    const bool elsewhere =
        packet.ok() && !packet->transport_id.empty() && packet->type != PacketType::Announce;
    if (!packet.ok() || !is_up(on)) ++counters_.unreadable;
    if (!packet.ok() || elsewhere || !is_up(on)) return actions;
    if (packet->hops < kMostHops) ++packet->hops;
    if (packet->type == PacketType::Announce) {
        on_announce(on, *packet, signal, now, actions);
    } else if (const auto link = links_.find(packet->destination); link != links_.end()) {
        on_link_packet(*link->second, *packet, now, actions);
    } else if (packet->type == PacketType::Proof) {
        on_proof(*packet, actions);
    } else if (is_path_request(*packet)) {
        on_path_request(on, *packet, now, actions);
    } else if (packet->destination != own_ || packet->destination_type != DestinationType::Single) {
        return actions;
    } else if (packet->type == PacketType::LinkRequest) {
        on_link_request(on, *packet, now, actions);
    } else {
        on_single(on, *packet, now, actions);
    }
    return actions;
}

// Of other kinds than ours, and what was looked at already, costs next to nothing.
void Node::on_announce(InterfaceNumber on, const Packet& packet, const HeardSignal& signal,
                       const Now& now, NodeActions& actions) {
    static const std::string kOurs = name_hash(kDeliveryName);
    if (packet.destination == own_ ||
        std::string_view(packet.data).substr(std::min(packet.data.size(), kIdentity), kNameHash) !=
            kOurs)
        return;
    const std::string hash = packet_hash(packet);
    const int* known = announces_.find(hash);
    Peer* peer = peers_.find(packet.destination);
    if (known != nullptr && *known <= packet.hops && way_to(peer) != nullptr) return;
    const auto announce = validate_announce(packet);
    if (!announce.ok()) {
        ++counters_.unreadable;
        return;
    }
    announces_.put(hash, packet.hops);
    learn(on, *announce, packet, signal, now, actions);
    now_known(packet.destination, actions);
    advance_to(packet.destination, now, actions);
}

void Node::learn(InterfaceNumber on, const Announce& announce, const Packet& packet,
                 const HeardSignal& signal, const Now& now, NodeActions& actions) {
    Peer* peer = peers_.find(announce.destination);
    // Somebody who says an old announce again must not turn the way to himself.
    const auto newest = peer != nullptr ? plausible(peer->emitted, now) : std::nullopt;
    const auto emitted = plausible(announce.emitted(), now);
    const Path* way = way_to(peer);
    if (newest && emitted && *emitted < *newest && way != nullptr) return;
    // The same one by another way: the shorter is kept.
    if (way != nullptr && announce.emitted() == peer->emitted && packet.hops > way->hops) return;
    if (peer == nullptr) peer = &peers_.add(announce.destination, announce.identity);
    const DeliveryAppData data = read_delivery_app_data(announce.app_data);
    if (!data.name.empty()) peer->name = data.name;
    peer->stamp_cost = data.stamp_cost.value_or(0);
    peer->compression = data.compression;
    if (peer->ratchet != announce.ratchet || !announce.ratchet.empty()) {
        peer->ratchet = announce.ratchet;
        peer->ratchet_at = to_ms(now.wall) / 1000;
    }
    peer->emitted = announce.emitted();
    peer->path = Path{on, packet.transport_id, packet.hops};
    peer->heard = now.box;
    if (peers_.is_kept(announce.destination)) changed_.insert(announce.destination);
    note_changed(now, actions);
    Heard heard;
    heard.name = peer->name;
    heard.public_key = std::string(peer->identity.signing_key());
    heard.key = Heard::Key::Proven;
    heard.hops = packet.hops - 1;
    heard.snr = signal.snr_db.value_or(0);
    actions.heard.emplace_back(announce.destination, std::move(heard));
    PacketSeen seen;
    seen.bytes = packet.data.size() + kHeader1;
    seen.text = "announce of " + to_hex(announce.destination) + ", " + std::to_string(packet.hops) +
                (packet.hops == 1 ? " hop" : " hops");
    seen.snr_db = signal.snr_db;
    seen.rssi_dbm = signal.rssi_dbm;
    actions.packets.push_back(std::move(seen));
}

// Who announces himself all the time does not wear out the disk.
void Node::note_changed(const Now& now, NodeActions& actions) {
    std::erase_if(changed_, [&](const std::string& destination) {
        Peer* peer = peers_.is_kept(destination) ? peers_.find(destination) : nullptr;
        if (peer == nullptr) return true;
        if (peer->noted != BoxTime{} && now.box - peer->noted < kNoteAgain) return false;
        peer->noted = now.box;
        actions.known.push_back(destination);
        return true;
    });
}

void Node::on_path_request(InterfaceNumber on, const Packet& packet, const Now& now,
                           NodeActions& actions) {
    const auto request = parse_path_request(packet);
    if (!request.ok() || request->target != own_) return;
    if (tags_.find(request->tag) != nullptr) return;
    Interface& interface = interfaces_.at(on);
    const milliseconds pause =
        interface.info.bits_per_second > 0 ? announce_pause(interface) : kAnswerAgain;
    if (interface.answered != BoxTime{} && now.box - interface.answered < pause) return;
    tags_.put(request->tag, true);
    interface.answered = now.box;
    announce_on(on, true, now, actions);
}

LxmfLimits Node::lxmf_limits() const {
    LxmfLimits limits;
    limits.bytes = options_.most_message;
    limits.text_bytes = options_.most_text;
    return limits;
}

void Node::on_single(InterfaceNumber on, const Packet& packet, const Now& now,
                     NodeActions& actions) {
    if (packet.type != PacketType::Data || packet.context != Context::None) return;
    const auto plain = decrypt_own(identity_, packet.data);
    auto received = plain.ok() ? read_opportunistic_lxmf(own_, *plain, lxmf_limits())
                               : Result<ReceivedLxmf>(plain.error());
    if (!received.ok()) {
        ++counters_.unreadable;
        return;
    }
    Receipt receipt;
    receipt.on = on;
    receipt.packet_hash = packet_hash(packet);
    take(std::move(*received), std::move(receipt), packet.hops - 1, now, actions);
}

bool Node::take(ReceivedLxmf received, Receipt receipt, int hops, const Now& now,
                NodeActions& actions) {
    if (received.message.to != own_ || received.message.from == own_) {
        ++counters_.unreadable;
        return false;
    }
    if (const Peer* from = peers_.find(received.message.from))
        return take_signed(std::move(received), std::move(receipt), hops, *from, actions);
    hold_unsigned(std::move(received), std::move(receipt), hops, now, actions);
    return true;
}

bool Node::take_signed(ReceivedLxmf received, Receipt receipt, int hops, const Peer& from,
                       NodeActions& actions) {
    if (!is_genuine(received, from.identity)) {
        ++counters_.forged;
        return false;
    }
    if (Seen* seen = seen_.find(received.id)) {
        ++counters_.repeats;
        if (seen->kept)
            pay(receipt, actions);
        else if (seen->owed.size() < kMostOwed)
            seen->owed.push_back(std::move(receipt));
        return true;
    }
    if (undecided_ >= kMostUndecided) {
        ++counters_.dropped;
        forget(receipt);
        return true;
    }
    ++undecided_;
    PacketSeen seen;
    seen.bytes = received.signed_part.size() + kSignature;
    seen.text = "message from " + to_hex(received.message.from);
    actions.packets.push_back(std::move(seen));
    drop_attached(received.message);
    MessageIn in{received.id, std::move(received.message),
                 from.name,   std::string(from.identity.signing_key()),
                 hops,        {}};
    if (const std::string* ours = written_.find(in.lxmf.reply_to)) in.answers = *ours;
    seen_.put(received.id, Seen{false, {std::move(receipt)}});
    keep(in.lxmf.from, actions);
    actions.messages.push_back(std::move(in));
    return true;
}

// Without its sender's key nobody knows who wrote it. He is asked for; until he answers it is here,
// and no proof of it leaves.
void Node::hold_unsigned(ReceivedLxmf received, Receipt receipt, int hops, const Now& now,
                         NodeActions& actions) {
    const auto same = std::find_if(unsigned_.begin(), unsigned_.end(), [&](const Unsigned& each) {
        return each.received.id == received.id;
    });
    if (same != unsigned_.end()) {
        forget(same->receipt);
        unsigned_.erase(same);
    }
    std::size_t bytes = size_of(received);
    for (const Unsigned& each : unsigned_) bytes += size_of(each.received);
    if (unsigned_.size() >= kMostUnsigned || bytes > kMostUnsignedBytes) {
        ++counters_.dropped;
        return forget(receipt);
    }
    request_path(received.message.from, now, actions);
    unsigned_.push_back({std::move(received), std::move(receipt), hops, now.box + kAwaitSender});
}

// His keys are.
void Node::now_known(const std::string& destination, NodeActions& actions) {
    const Peer* peer = peers_.find(destination);
    if (peer == nullptr) return;
    std::vector<Unsigned> his;
    for (auto each = unsigned_.begin(); each != unsigned_.end();) {
        if (each->received.message.from != destination) {
            ++each;
            continue;
        }
        his.push_back(std::move(*each));
        each = unsigned_.erase(each);
    }
    for (Unsigned& each : his)
        take_signed(std::move(each.received), std::move(each.receipt), each.hops, *peer, actions);
}

NodeActions Node::accepted(const std::string& id, bool kept) {
    NodeActions actions;
    Seen* seen = seen_.find(id);
    if (seen == nullptr || seen->kept) return actions;
    if (undecided_ > 0) --undecided_;
    if (!kept) {
        for (const Receipt& each : seen->owed) forget(each);
        seen_.erase(id);
        return actions;
    }
    seen->kept = true;
    const std::vector<Receipt> owed = std::exchange(seen->owed, {});
    for (const Receipt& each : owed) pay(each, actions);
    return actions;
}

// With the next tick: its link may be at work on it.
void Node::forget(const Receipt& receipt) {
    if (!receipt.resource.empty()) lost_.emplace_back(receipt.link, receipt.resource);
}

// What is whole and was not taken makes room, and may come again.
void Node::drop_lost_resources() {
    for (const auto& [link, resource] : std::exchange(lost_, {})) {
        const auto found = links_.find(link);
        if (found == links_.end()) continue;
        found->second->incoming.erase(resource);
        found->second->taken.erase(resource);
    }
}

void Node::pay(const Receipt& receipt, NodeActions& actions) {
    if (receipt.link.empty()) {
        if (is_up(receipt.on))
            put(receipt.on, prove_packet(identity_, receipt.packet_hash), "proof", actions);
        return;
    }
    const auto found = links_.find(receipt.link);
    if (found == links_.end() || !found->second->link) return;
    LinkState& state = *found->second;
    if (receipt.resource.empty())
        return put_on(state, state.link->prove(receipt.packet_hash), "proof", actions);
    const auto resource = state.incoming.find(receipt.resource);
    if (resource != state.incoming.end()) put_frames(state, resource->second.prove(), actions);
}

}  // namespace waypost::reticulum
