// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/air_packet.h"

#include <stdexcept>

#include "radio/meshcore/companion.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMacBytes = 2;
constexpr std::size_t kBlock = 16;
constexpr std::size_t kMostAppData = 32;
constexpr std::uint8_t kHasPlace = 0x10, kHasFeature1 = 0x20, kHasFeature2 = 0x40, kHasName = 0x80;
constexpr std::uint8_t kTypeBits = 0x0F;
constexpr int kAttemptsInFlags = 4;

bool has_codes(Route route) {
    return route == Route::TransportFlood || route == Route::TransportDirect;
}

Error too_short(const char* what) { return bad_input(std::string(what) + " is cut short"); }

// MAC and at least one block, all of them whole.
bool is_sealed(std::string_view bytes) {
    return bytes.size() >= kMacBytes + kBlock && (bytes.size() - kMacBytes) % kBlock == 0;
}

std::string app_bytes(const Advert& advert) {
    if (!advert.app_data.empty()) return advert.app_data;
    std::string out;
    put8(out, (advert.type & kTypeBits) | (advert.place ? kHasPlace : 0u) |
                  (advert.name.empty() ? 0u : kHasName));
    if (advert.place) {
        put32(out, static_cast<std::uint32_t>(advert.place->first));
        put32(out, static_cast<std::uint32_t>(advert.place->second));
    }
    return out + advert.name.substr(0, kMostAppData - out.size());
}

}  // namespace

const char* to_string(PacketType type) {
    switch (type) {
        case PacketType::Request:
            return "request";
        case PacketType::Response:
            return "response";
        case PacketType::Text:
            return "text";
        case PacketType::Ack:
            return "ack";
        case PacketType::Advert:
            return "advert";
        case PacketType::GroupText:
            return "channel text";
        case PacketType::GroupData:
            return "channel data";
        case PacketType::AnonymousRequest:
            return "login";
        case PacketType::Path:
            return "path";
        case PacketType::Trace:
            return "trace";
        case PacketType::Multipart:
            return "multipart";
        case PacketType::Control:
            return "control";
        case PacketType::Raw:
            return "raw";
    }
    return "other";
}

Result<AirPacket> parse_packet(std::string_view bytes) {
    if (bytes.size() > kMostPacket) return bad_input("a packet has at most 255 bytes");
    FieldReader in(bytes);
    AirPacket packet;
    const std::uint8_t header = in.u8();
    packet.route = static_cast<Route>(header & 3);
    packet.type = static_cast<PacketType>(header >> 2 & 15);
    packet.version = header >> 6;
    if (has_codes(packet.route)) packet.transport_codes = in.take(4);
    const std::uint8_t path = in.u8();
    packet.hash_bytes = static_cast<std::size_t>(path >> 6) + 1;
    const std::size_t path_bytes = (path & 63u) * packet.hash_bytes;
    if (packet.hash_bytes > 3 || path_bytes > kMostPath)
        return bad_input("a packet's path has at most 64 bytes, of hops with 1 to 3");
    packet.path = in.take(path_bytes);
    packet.payload = in.rest();
    if (!in.ok()) return too_short("a packet");
    if (packet.payload.empty() || packet.payload.size() > kMostPayload)
        return bad_input("a packet's payload has 1 to 184 bytes");
    return packet;
}

std::string packet_bytes(const AirPacket& packet) {
    const bool fits = !packet.payload.empty() && packet.payload.size() <= kMostPayload &&
                      packet.hash_bytes >= 1 && packet.hash_bytes <= 3 &&
                      packet.path.size() <= kMostPath &&
                      packet.path.size() % packet.hash_bytes == 0 && packet.hops() <= 63 &&
                      packet.transport_codes.size() == (has_codes(packet.route) ? 4u : 0u);
    if (!fits) throw std::logic_error("a MeshCore packet beyond its limits");
    std::string out;
    put8(out, static_cast<std::uint32_t>(packet.route) |
                  static_cast<std::uint32_t>(packet.type) << 2 |
                  static_cast<std::uint32_t>(packet.version) << 6);
    out += packet.transport_codes;
    put8(out, static_cast<std::uint32_t>(packet.hops() | (packet.hash_bytes - 1) << 6));
    return out + packet.path + packet.payload;
}

Result<SealedFor> parse_sealed(std::string_view payload) {
    FieldReader in(payload);
    SealedFor parts;
    parts.to = in.u8();
    parts.from = in.u8();
    parts.sealed = in.rest();
    if (!in.ok() || !is_sealed(parts.sealed)) return too_short("a sealed payload");
    return parts;
}

std::string sealed_payload(const SealedFor& parts) {
    return std::string{static_cast<char>(parts.to), static_cast<char>(parts.from)} + parts.sealed;
}

Result<SealedOnChannel> parse_group(std::string_view payload) {
    FieldReader in(payload);
    SealedOnChannel parts;
    parts.channel = in.u8();
    parts.sealed = in.rest();
    if (!in.ok() || !is_sealed(parts.sealed)) return too_short("a channel's payload");
    return parts;
}

std::string group_payload(const SealedOnChannel& parts) {
    return std::string(1, static_cast<char>(parts.channel)) + parts.sealed;
}

Result<PlainText> parse_text(std::string_view plain) {
    FieldReader in(plain);
    PlainText text;
    text.time = in.u32();
    const std::uint8_t flags = in.u8();
    text.type = flags >> 2;
    text.attempt = flags & 3;
    if (text.type == kSigned) text.author = in.take(kAuthorBytes);
    if (!in.ok()) return too_short("a text");
    text.text = in.text(in.left());
    return text;
}

std::string text_bytes(const PlainText& text, int attempt) {
    std::string out;
    put32(out, text.time);
    put8(out, static_cast<std::uint32_t>(text.type << 2 | (attempt & 3)));
    if (text.type == kSigned) put_field(out, text.author, kAuthorBytes);
    out += text.text;
    if (attempt >= kAttemptsInFlags) out.append(1, '\0').append(1, static_cast<char>(attempt));
    return out;
}

std::optional<std::uint32_t> parse_ack(std::string_view payload) {
    FieldReader in(payload);
    const std::uint32_t ack = in.u32();
    return in.ok() ? std::optional(ack) : std::nullopt;
}

std::string ack_payload(std::uint32_t ack) {
    std::string out;
    put32(out, ack);
    return out;
}

std::string Advert::signed_part() const {
    std::string out = key;
    put32(out, time);
    return out + app_bytes(*this);
}

Result<Advert> parse_advert(std::string_view payload) {
    FieldReader in(payload);
    Advert advert;
    advert.key = in.take(kKeyBytes);
    advert.time = in.u32();
    advert.signature = in.take(kSignatureBytes);
    advert.app_data = in.rest();
    if (!in.ok() || advert.app_data.size() > kMostAppData)
        return bad_input("an advert has 1 to 32 bytes behind its signature");
    in = FieldReader(advert.app_data);
    const std::uint8_t flags = in.u8();
    advert.type = flags & kTypeBits;
    if ((flags & kHasPlace) != 0) {
        const std::int32_t latitude = in.i32();
        advert.place = {latitude, in.i32()};
    }
    if ((flags & kHasFeature1) != 0) in.take(2);
    if ((flags & kHasFeature2) != 0) in.take(2);
    if ((flags & kHasName) != 0) advert.name = in.rest();
    if (!in.ok()) return too_short("an advert");
    return advert;
}

std::string advert_payload(const Advert& advert) {
    std::string out;
    put_field(out, advert.key, kKeyBytes);
    put32(out, advert.time);
    put_field(out, advert.signature, kSignatureBytes);
    return out + app_bytes(advert);
}

}  // namespace waypost::meshcore
