// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

#include "gateway/base/encoding.h"
#include "radio/reticulum/lxmf/app_data.h"
#include "radio/reticulum/lxmf/fields.h"
#include "radio/reticulum/lxmf/stamp.h"
#include "radio/reticulum/wire/announce.h"
#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/path_request.h"
#include "radio/reticulum/wire/proof.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

constexpr char kName[] = "lxmf.delivery";

}  // namespace

LxmfPeer::LxmfPeer(std::string name, std::uint64_t seed)
    : name_(std::move(name)),
      random_(seeded_random(seed)),
      identity_(Identity::generate(*random_)),
      other_(Identity::generate(*random_)),
      ratchet_(random_bytes(*random_, kKey)),
      own_(destination_of(kName, identity_.shown())) {}

std::string LxmfPeer::address() const { return to_hex(own_); }

void LxmfPeer::put(const Packet& packet) {
    auto bytes = packet_bytes(packet);
    if (bytes.ok()) out_.push_back(std::move(*bytes));
}

void LxmfPeer::announce(bool answers) {
    AnnounceParts parts;
    parts.name = kName;
    parts.random_hash = announce_random_hash(*random_, ++time_ms_ / 1000);
    DeliveryAppData data;
    data.name = name_;
    if (stamp_cost > 0) data.stamp_cost = stamp_cost;
    parts.app_data = delivery_app_data(data);
    if (has_ratchet) parts.ratchet = x25519_public(ratchet_.reveal());
    parts.path_response = answers;
    const auto packet = build_announce(identity_, parts);
    if (packet.ok()) put(*packet);
}

void LxmfPeer::ask_for(const std::string& destination) {
    put(build_path_request(destination, random_bytes(*random_, kHash)));
}

std::string LxmfPeer::say(const std::string& text) {
    LxmfMessage message;
    message.to = box_;
    message.from = own_;
    message.time = static_cast<double>(++time_ms_) / 1000;
    message.content = text;
    if (!file.empty()) message.files.push_back({"file", file});
    if (speaks) message.other_fields[kFieldAudio] = "\x92\x10\xc4\x02hm";
    last_ = pack_lxmf(message, forges ? other_ : identity_);
    say_again();
    return last_.id;
}

void LxmfPeer::say_again() {
    say_bytes(last_.opportunistic());
    sent_[packet_hash(*parse_packet(out_.back()))] = last_.id;
}

void LxmfPeer::say_bytes(const std::string& bytes) {
    Packet packet;
    packet.destination = box_;
    packet.data = *encrypt_to(*box_identity_, {}, bytes, *random_);
    put(packet);
}

std::string LxmfPeer::say_on_link(const std::string& text, const std::string& title) {
    LxmfMessage message;
    message.to = box_;
    message.from = own_;
    message.time = static_cast<double>(++time_ms_) / 1000;
    message.title = title;
    message.content = text;
    if (!file.empty()) message.files.push_back({"file", file});
    pending_.push_back(pack_lxmf(message, forges ? other_ : identity_));
    const std::string id = pending_.back().id;
    if (link_ == nullptr && !asked_) {
        asked_.emplace(LinkInitiation::begin(box_, *box_identity_, *random_));
        put(asked_->request());
    }
    send_pending();
    return id;
}

void LxmfPeer::send_pending() {
    while (link_ != nullptr && !pending_.empty() && !outgoing_) {
        const PackedLxmf packed = std::move(pending_.front());
        pending_.pop_front();
        if (packed.full.size() <= link_->most_plain()) {
            const Packet packet = *link_->seal(Context::None, packed.full, *random_);
            sent_[packet_hash(packet)] = packed.id;
            put(packet);
            continue;
        }
        outgoing_.emplace(*OutgoingResource::make(packed.full, over(*link_, *random_), *random_));
        outgoing_on_ = link_.get();
        outgoing_id_ = packed.id;
        put_frames(*link_, outgoing_->start(now_));
    }
}

void LxmfPeer::close_link() {
    if (link_ != nullptr) put(link_->close(*random_));
    outgoing_.reset();
    link_.reset();
}

void LxmfPeer::identify() { put(link_->identify(identity_, *random_)); }

void LxmfPeer::identify_as_other() { put(link_->identify(other_, *random_)); }

void LxmfPeer::ask_for_proof(const std::string& packet_hash) {
    put(*link_->bare(PacketType::Data, Context::CacheRequest, packet_hash));
}

void LxmfPeer::put_frames(const Link& link, const ResourceFrames& frames) {
    for (const ResourceFrame& frame : frames) {
        const PacketType type =
            frame.context == Context::ResourceProof ? PacketType::Proof : PacketType::Data;
        put(link_encrypts(frame.context) ? *link.seal(frame.context, frame.body, *random_)
                                         : *link.bare(type, frame.context, frame.body));
    }
}

void LxmfPeer::at(BoxTime now) {
    now_ = now;
    look_at_resources();
}

void LxmfPeer::look_at_resources() {
    if (outgoing_ && now_ >= outgoing_->next_tick())
        put_frames(*outgoing_on_, outgoing_->tick(now_));
    if (incoming_ && now_ >= incoming_->next_tick())
        put_frames(*incoming_on_, incoming_->tick(now_));
    if (incoming_ && incoming_->state() == IncomingResource::State::Whole) {
        if (const auto received = read_lxmf(incoming_->data()); received.ok()) take(*received);
        if (proves) put_frames(*incoming_on_, incoming_->prove());
        if (!proves) incoming_.reset();
    }
    if (!outgoing_ || outgoing_->state() < OutgoingResource::State::Proved) return;
    if (outgoing_->state() == OutgoingResource::State::Proved) delivered_.insert(outgoing_id_);
    outgoing_.reset();
    send_pending();
}

void LxmfPeer::hears(const std::string& bytes) {
    const auto packet = parse_packet(bytes);
    if (!packet.ok()) return;
    if (packet->type == PacketType::Announce) return on_announce(*packet);
    if (asked_ && packet->destination == asked_->link_id()) {
        auto opened = asked_->accept(*packet);
        if (!opened.ok()) return;
        asked_.reset();
        link_ = std::make_unique<Link>(std::move(*opened));
        put(link_->rtt(0.1, *random_));
        return send_pending();
    }
    if (link_ != nullptr && link_->owns(*packet)) return on_link(*link_, *packet);
    for (const auto& each : theirs_)
        if (each->owns(*packet)) return on_link(*each, *packet);
    if (packet->type == PacketType::Proof) return on_proof(*packet);
    if (is_path_request(*packet)) {
        const auto request = parse_path_request(*packet);
        if (request.ok() && request->target == own_ && answers_path_requests) announce(true);
        return;
    }
    if (packet->destination != own_) return;
    packet->type == PacketType::LinkRequest ? on_link_request(*packet) : on_single(*packet);
}

void LxmfPeer::on_announce(const Packet& packet) {
    const auto announce = validate_announce(packet);
    if (!announce.ok() || announce->destination == own_) return;
    ++announces_;
    box_ = announce->destination;
    box_identity_ = announce->identity;
}

void LxmfPeer::take(const ReceivedLxmf& received) {
    ++times_;
    last_reply_to_ = received.message.reply_to;
    if (!box_identity_ || !is_genuine(received, *box_identity_)) return;
    if (stamp_cost > 0 && !StampWork(received.id).good(received.stamp, stamp_cost)) return;
    if (stamp_cost > 0) ++stamps_;
    if (seen_.insert(received.id).second) texts_.push_back(received.message.content);
}

void LxmfPeer::on_single(const Packet& packet) {
    Result<std::string> plain = bad_input("");
    if (has_ratchet) {
        // The ratchet stands in the place of the identity's own key.
        const std::string keys =
            std::string(ratchet_.reveal()) + std::string(identity_.signing_key());
        const std::string shared = packet.data.substr(0, kKey);
        const auto secret = x25519(ratchet_.reveal(), shared);
        if (secret.ok()) {
            const Secret token = hkdf(secret->reveal(), identity_.hash(), kTokenKeys);
            plain = open_token(token.reveal(), std::string_view(packet.data).substr(kKey));
        }
    } else {
        plain = decrypt_own(identity_, packet.data);
    }
    if (!plain.ok()) return;
    const auto received = read_opportunistic_lxmf(own_, *plain);
    if (!received.ok()) return;
    take(*received);
    if (proves) put(prove_packet(identity_, packet_hash(packet)));
}

void LxmfPeer::on_proof(const Packet& packet) {
    for (const auto& [hash, id] : sent_)
        if (box_identity_ && check_proof(packet, hash, *box_identity_).ok()) delivered_.insert(id);
}

void LxmfPeer::on_link_request(const Packet& packet) {
    if (!answers_links) return;
    auto answered = answer_link_request(packet, identity_, *random_);
    if (!answered.ok()) return;
    ++links_answered_;
    put(answered->proof);
    theirs_.push_back(std::make_unique<Link>(std::move(answered->link)));
}

void LxmfPeer::on_link(Link& link, const Packet& packet) {
    if (packet.context == Context::Keepalive) {
        if (link.is_keepalive_from_peer(packet) && !link.initiator()) put(link.keepalive());
        return;
    }
    if (packet.context == Context::LinkClose) {
        if (!link.check_close(packet).ok()) return;
        if (&link == link_.get()) link_.reset();
        return;
    }
    if (packet.context != Context::None) return on_frame(link, packet);
    if (packet.type == PacketType::Proof) {
        for (const auto& [hash, id] : sent_)
            if (link.check_proof(packet, hash).ok()) delivered_.insert(id);
        return;
    }
    const auto plain = link.open(packet);
    const auto received = plain.ok() ? read_lxmf(*plain) : Result<ReceivedLxmf>(plain.error());
    if (!received.ok()) return;
    take(*received);
    if (proves) put(link.prove(packet_hash(packet)));
}

void LxmfPeer::on_frame(Link& link, const Packet& packet) {
    if (packet.context < Context::Resource || packet.context > Context::ResourceReject) return;
    ResourceFrame frame{packet.context, packet.data};
    if (link_encrypts(packet.context)) {
        auto plain = link.open(packet);
        if (!plain.ok()) return;
        frame.body = std::move(*plain);
    }
    if (outgoing_ && outgoing_on_ == &link) put_frames(link, outgoing_->receive(frame, now_));
    const auto advertised = frame.context == Context::ResourceAdvertisement
                                ? parse_advertisement(frame.body)
                                : Result<ResourceAdvertisement>(bad_input(""));
    if (advertised.ok() && (!incoming_ || incoming_->hash() != advertised->hash)) {
        auto coming = IncomingResource::accept(*advertised, over(link, *random_));
        if (coming.ok()) {
            incoming_.emplace(std::move(*coming));
            incoming_on_ = &link;
            put_frames(link, incoming_->start(now_));
        }
    } else if (incoming_ && incoming_on_ == &link) {
        put_frames(link, incoming_->receive(frame, now_));
    }
    look_at_resources();
}

}  // namespace waypost::reticulum
