// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/node.h"

#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr milliseconds kCarrierWait{120};  // at most, for a free channel
constexpr std::size_t kMostSeen = 128;
constexpr std::size_t kQueue = 32;
// As the firmware estimates them.
constexpr milliseconds kTimeoutBase{500};
constexpr int kFloodFactor = 16;
constexpr int kDirectFactor = 6;
constexpr milliseconds kDirectExtra{250};

std::string seed_of(const std::string& name) {
    return from_hex(short_hash("key of " + name) + short_hash("and of " + name)).value();
}

}  // namespace

Node::Node(Scheduler& scheduler, FrameAir& air, Random& random, NodeOptions options)
    : scheduler_(scheduler),
      air_(air),
      random_(random),
      options_(std::move(options)),
      identity_(identity_from_seed(seed_of(options_.name))) {
    station_ = air_.attach([this](const AirFrame& frame) {
        if (on_) hear(frame);
    });
    channels_[0] = {0, "Public", public_channel_secret()};
}

std::uint32_t Node::now() const {
    return static_cast<std::uint32_t>(options_.time + clock_shift_ +
                                      to_ms(scheduler_.now()) / 1000);
}

void Node::set_clock(std::uint32_t unix_seconds) {
    clock_shift_ += static_cast<std::int64_t>(unix_seconds) - now();
}

std::uint32_t Node::unique_time() {
    last_time_ = std::max(now(), last_time_ + 1);
    return last_time_;
}

milliseconds Node::airtime(std::size_t bytes) const {
    return std::chrono::duration_cast<milliseconds>(time_on_air(options_.lora, bytes)) +
           milliseconds(1);
}

Contact* Node::contact(std::string_view prefix) {
    const auto found = contacts_.lower_bound(std::string(prefix));
    const bool there = found != contacts_.end() && found->first.starts_with(prefix);
    return there ? &found->second : nullptr;
}

bool Node::add(const Contact& contact) {
    if (contacts_.count(contact.key) == 0 && contacts_.size() >= options_.most_contacts)
        return false;
    contacts_[contact.key] = contact;
    contacts_[contact.key].changed = now();
    return true;
}

AirPacket Node::sealed_to(const Contact& to, PacketType type, const std::string& plain) const {
    AirPacket packet;
    packet.type = type;
    const auto secret = shared_secret(identity_, to.key);
    packet.payload = sealed_payload({static_cast<std::uint8_t>(to.key[0]), hash(),
                                     seal(secret.value_or(std::string(32, '\0')), plain)});
    return packet;
}

Launched Node::launch(AirPacket packet, const Contact& to) {
    Launched launched;
    launched.flood = to.path_length == kNoPath;
    const auto once = airtime(packet_bytes(packet).size());
    const milliseconds wait =
        launched.flood
            ? kTimeoutBase + once * kFloodFactor
            : kTimeoutBase + (once * kDirectFactor + kDirectExtra) * ((to.path_length & 63) + 1);
    launched.timeout_ms = static_cast<std::uint32_t>(wait.count());
    send_along(std::move(packet), to);
    return launched;
}

std::optional<Launched> Node::send_text(std::string_view prefix, int attempt,
                                        const PlainText& text) {
    const Contact* to = contact(prefix);
    if (to == nullptr || text.text.size() > kTextBytes - (attempt > 3 ? 2 : 0)) return std::nullopt;
    Launched launched = launch(sealed_to(*to, PacketType::Text, text_bytes(text, attempt)), *to);
    // A room's post is acknowledged by the key of who gets it.
    const std::string& key = text.type == kSigned ? to->key : identity_.key;
    launched.ack = ack_of(text_bytes(text, attempt & 3), key);
    return launched;
}

bool Node::send_on_channel(int index, std::uint32_t time, const std::string& text) {
    const auto channel = channels_.find(index);
    if (channel == channels_.end()) return false;
    PlainText plain;
    plain.time = time;
    plain.text = (options_.name + ": " + text).substr(0, kTextBytes);
    AirPacket packet;
    packet.type = PacketType::GroupText;
    const std::string& secret = channel->second.secret;
    packet.payload = group_payload({channel_hash(secret), seal(secret, text_bytes(plain, 0))});
    send(std::move(packet));
    return true;
}

std::string Node::own_advert() {
    Advert advert;
    advert.time = unique_time();
    advert.type = options_.type;
    advert.name = options_.name;
    sign_advert(advert, identity_);
    AirPacket packet;
    packet.type = PacketType::Advert;
    packet.payload = advert_payload(advert);
    return packet_bytes(packet);
}

void Node::advertise(bool flood) {
    AirPacket packet = *parse_packet(own_advert());
    if (!flood) packet.route = Route::Direct;
    send(std::move(packet));
}

std::optional<Launched> Node::send_login(const std::string& key, const std::string& password) {
    const Contact* to = contact(key);
    if (to == nullptr) return std::nullopt;
    std::string plain;
    put32(plain, unique_time());
    if (to->type == kRoom) put32(plain, 0);
    plain += password;
    const auto secret = shared_secret(identity_, to->key);
    if (!secret) return std::nullopt;
    AirPacket packet;
    packet.type = PacketType::AnonymousRequest;
    packet.payload = to->key.substr(0, 1) + identity_.key + seal(*secret, plain);
    return launch(std::move(packet), *to);
}

void Node::answer(const std::string& key, const std::string& plain) {
    if (const Contact* to = contact(key))
        send_along(sealed_to(*to, PacketType::Response, plain), *to, milliseconds(300));
}

void Node::send_along(AirPacket packet, const Contact& to, milliseconds delay) {
    if (to.path_length != kNoPath) {
        packet.route = Route::Direct;
        packet.path = to.path.substr(0, static_cast<std::size_t>(to.path_length & 63));
    }
    send(std::move(packet), delay);
}

void Node::send(AirPacket packet, milliseconds delay) {
    seen(packet);  // its echo is no news
    scheduler_.after(delay, [this, bytes = packet_bytes(packet)] {
        if (queue_.size() < kQueue) queue_.push_back(bytes);
        transmit_next();
    });
}

// When the channel is free.
void Node::transmit_next() {
    if (sending_ || queue_.empty()) return;
    if (!on_) return queue_.clear();
    sending_ = true;
    if (air_.busy(station_, scheduler_.now())) {
        const auto wait = static_cast<std::uint64_t>(kCarrierWait.count());
        const milliseconds pause(1 + static_cast<std::int64_t>(random_.below(wait)));
        scheduler_.after(pause, [this] {
            sending_ = false;
            transmit_next();
        });
        return;
    }
    const std::string bytes = queue_.front();
    queue_.pop_front();
    if (on_sent) on_sent(bytes);
    const milliseconds length = airtime(bytes.size());
    sent_time_ += length;
    air_.transmit(station_, bytes, length, scheduler_.now());
    scheduler_.after(length, [this] {
        air_.step(scheduler_.now());
        sending_ = false;
        transmit_next();
    });
}

bool Node::seen(const AirPacket& packet) {
    std::string what(1, static_cast<char>(packet.type));
    what = short_hash(what + packet.payload);
    if (!seen_.insert(what).second) return true;
    seen_order_.push_back(std::move(what));
    if (seen_order_.size() > kMostSeen) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return false;
}

}  // namespace waypost::meshcore
