// SPDX-License-Identifier: Apache-2.0
// What a simulated radio does with a packet that it hears.
#include "radio/meshcore/simulator/node.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr milliseconds kAckDelay{200};
constexpr std::uint64_t kRelayDelayMs = 300;
constexpr char kNothingMore = '\xFF';

}  // namespace

void Node::hear(const AirFrame& frame) {
    if (on_packet) on_packet(frame);
    const auto packet = parse_packet(frame.bytes);
    if (!packet.ok()) return;
    const bool flood = packet->route == Route::Flood || packet->route == Route::TransportFlood;
    if (!flood && !packet->path.empty()) {
        // Ours to pass on only if we are the next on its path.
        if (options_.type == kRepeater && static_cast<std::uint8_t>(packet->path[0]) == hash() &&
            !seen(*packet)) {
            AirPacket onward = *packet;
            onward.path.erase(0, onward.hash_bytes);
            send(std::move(onward));
        }
        return;
    }
    if (seen(*packet)) return;
    process(*packet, frame);
    if (flood && options_.type == kRepeater) relay(*packet);
}

void Node::relay(AirPacket packet) {
    if (packet.path.size() + packet.hash_bytes > kMostPath) return;
    packet.path.append(identity_.key, 0, packet.hash_bytes);
    send(std::move(packet), milliseconds(static_cast<std::int64_t>(random_.below(kRelayDelayMs))));
}

void Node::process(const AirPacket& packet, const AirFrame& frame) {
    switch (packet.type) {
        case PacketType::Text:
        case PacketType::Path:
        case PacketType::Response:
            return take_sealed(packet, frame);
        case PacketType::Ack:
            if (const auto ack = parse_ack(packet.payload); ack && on_ack) on_ack(*ack);
            return;
        case PacketType::Advert: {
            const auto advert = parse_advert(packet.payload);
            if (advert.ok() && is_genuine(*advert)) take_advert(*advert);
            return;
        }
        case PacketType::GroupText:
            return take_group(packet, frame);
        case PacketType::AnonymousRequest:
            return take_login(packet);
        default:
            return;
    }
}

// Whose it is says the one whose secret fits.
void Node::take_sealed(const AirPacket& packet, const AirFrame& frame) {
    const auto parts = parse_sealed(packet.payload);
    if (!parts.ok() || parts->to != hash()) return;
    for (auto& [key, from] : contacts_) {
        if (static_cast<std::uint8_t>(key[0]) != parts->from) continue;
        const auto secret = shared_secret(identity_, key);
        const auto plain = secret ? open_sealed(*secret, parts->sealed) : std::nullopt;
        if (!plain) continue;
        if (packet.type == PacketType::Text) return take_text(from, packet, *plain, frame);
        if (packet.type == PacketType::Path) return take_path(from, packet, *plain);
        if (on_response) on_response(key, *plain);
        return;
    }
}

void Node::take_text(Contact& from, const AirPacket& packet, const std::string& plain,
                     const AirFrame& frame) {
    const auto text = parse_text(plain);
    if (!text.ok()) return;
    from.changed = now();
    GotText got;
    got.from = from.key;
    got.plain = *text;
    got.snr_db = frame.snr_db;
    if (packet.route == Route::Flood) got.path_length = static_cast<int>(packet.hops());
    const std::string& key = text->type == kSigned ? identity_.key : from.key;
    const std::uint32_t ack = ack_of(text_bytes(*text, text->attempt), key);
    acknowledge(from, packet, ack);
    if (on_text) on_text(got);
}

// A flooded one is answered with the path that it came by and the ack in one, flooded as well.
void Node::acknowledge(const Contact& to, const AirPacket& packet, std::uint32_t ack) {
    if (packet.route != Route::Flood) {
        AirPacket answer;
        answer.type = PacketType::Ack;
        answer.payload = ack_payload(ack);
        return send_along(std::move(answer), to, kAckDelay);
    }
    std::string plain;
    put8(plain, static_cast<std::uint32_t>(packet.hops()));
    plain += packet.path;
    put8(plain, static_cast<std::uint32_t>(PacketType::Ack));
    put32(plain, ack);
    send(sealed_to(to, PacketType::Path, plain), kAckDelay);
}

void Node::take_path(Contact& from, const AirPacket& packet, const std::string& plain) {
    FieldReader in(plain);
    const int hops = in.u8() & 63;
    const std::string path = in.take(static_cast<std::size_t>(hops));
    const std::uint8_t more = in.u8();
    if (!in.ok()) return;
    from.path_length = hops;
    from.path = path;
    from.changed = now();
    if (on_path) on_path(from.key);
    if (more == static_cast<std::uint8_t>(PacketType::Ack)) {
        const std::uint32_t ack = in.u32();
        if (in.ok() && on_ack) on_ack(ack);
    }
    if (packet.route != Route::Flood) return;
    // Likewise the other way, along the path that is known now.
    std::string back;
    put8(back, static_cast<std::uint32_t>(packet.hops()));
    back += packet.path + kNothingMore;
    back += std::string(4, static_cast<char>(random_.below(256)));
    send_along(sealed_to(from, PacketType::Path, back), from, kAckDelay);
}

void Node::take_group(const AirPacket& packet, const AirFrame& frame) {
    const auto parts = parse_group(packet.payload);
    if (!parts.ok()) return;
    for (const auto& [index, channel] : channels_) {
        if (channel_hash(channel.secret) != parts->channel) continue;
        const auto plain = open_sealed(channel.secret, parts->sealed);
        const auto text = plain ? parse_text(*plain) : Result<PlainText>(bad_input("another's"));
        if (!text.ok()) continue;
        GotText got;
        got.plain = *text;
        got.channel = index;
        got.snr_db = frame.snr_db;
        if (packet.route == Route::Flood) got.path_length = static_cast<int>(packet.hops());
        if (on_text) on_text(got);
        return;
    }
}

bool Node::take_advert(std::string_view bytes) {
    const auto packet = parse_packet(bytes);
    if (!packet.ok() || packet->type != PacketType::Advert) return false;
    const auto advert = parse_advert(packet->payload);
    if (!advert.ok() || !is_genuine(*advert)) return false;
    take_advert(*advert);
    return true;
}

void Node::take_advert(const Advert& advert) {
    const auto found = contacts_.find(advert.key);
    const bool known = found != contacts_.end();
    if (advert.key == identity_.key || advert.name.empty()) return;
    if (known && advert.time <= found->second.last_advert) return;  // heard before, or replayed
    Contact contact = known ? found->second : Contact{};
    contact.key = advert.key;
    contact.type = advert.type;
    contact.name = advert.name;
    contact.last_advert = advert.time;
    if (advert.place) {
        contact.latitude = advert.place->first;
        contact.longitude = advert.place->second;
    }
    contact.changed = now();
    const bool full = !known && contacts_.size() >= options_.most_contacts;
    const bool kept = known || (!options_.manual_add && !full);
    if (kept) contacts_[advert.key] = contact;
    if (on_advert) on_advert(contact, kept);
    if (full && !options_.manual_add && on_full) on_full();
}

// Who logs in becomes a contact of the room.
void Node::take_login(const AirPacket& packet) {
    FieldReader in(packet.payload);
    const std::uint8_t to = in.u8();
    const std::string key = in.take(kKeyBytes);
    const std::string sealed = in.rest();
    if (!in.ok() || to != hash() || !on_login) return;
    const auto secret = shared_secret(identity_, key);
    const auto plain = secret ? open_sealed(*secret, sealed) : std::nullopt;
    if (!plain) return;
    if (contacts_.count(key) == 0) {
        Contact client;
        client.key = key;
        add(client);
    }
    on_login(key, *plain);
}

}  // namespace waypost::meshcore
