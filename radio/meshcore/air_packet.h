// SPDX-License-Identifier: Apache-2.0
// MeshCore packets as they are on air: header, path, payload, and what the payloads hold. Nothing
// here needs a key (air_seal.h has those). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::meshcore {

inline constexpr std::size_t kMostPacket = 255;
inline constexpr std::size_t kMostPayload = 184;
inline constexpr std::size_t kMostPath = 64;

enum class Route : std::uint8_t { TransportFlood = 0, Flood = 1, Direct = 2, TransportDirect = 3 };
enum class PacketType : std::uint8_t {
    Request = 0,
    Response = 1,
    Text = 2,
    Ack = 3,
    Advert = 4,
    GroupText = 5,
    GroupData = 6,
    AnonymousRequest = 7,
    Path = 8,
    Trace = 9,
    Multipart = 10,
    Control = 11,
    Raw = 15
};
const char* to_string(PacketType type);  // "text"; "other" for one without a name

struct AirPacket {
    Route route = Route::Flood;
    PacketType type = PacketType::Raw;
    int version = 0;              // of the payload, 0..3
    std::string transport_codes;  // 4 bytes with the transport routes, else empty
    std::size_t hash_bytes = 1;   // of each hop in `path`, 1..3
    std::string path;             // hops that it has passed, or is to pass
    std::string payload;
    std::size_t hops() const { return path.size() / hash_bytes; }
};
Result<AirPacket> parse_packet(std::string_view bytes);
// A packet beyond the limits throws std::logic_error.
std::string packet_bytes(const AirPacket& packet);

// Payload of Text, Request, Response, Path: hashes are first bytes of keys.
struct SealedFor {
    std::uint8_t to = 0;
    std::uint8_t from = 0;
    std::string sealed;  // MAC and cipher
};
Result<SealedFor> parse_sealed(std::string_view payload);
std::string sealed_payload(const SealedFor& parts);

// Payload of GroupText.
struct SealedOnChannel {
    std::uint8_t channel = 0;  // hash of its secret
    std::string sealed;
};
Result<SealedOnChannel> parse_group(std::string_view payload);
std::string group_payload(const SealedOnChannel& parts);

// What is sealed in a Text or GroupText.
struct PlainText {
    std::uint32_t time = 0;
    std::uint8_t type = 0;     // TextType
    std::uint8_t attempt = 0;  // the two bits that it has room for
    std::string author;        // 4 bytes of his key, in a post of a room
    std::string text;          // ends at the first NUL: what pads it, or hides behind it, goes
};
Result<PlainText> parse_text(std::string_view plain);
// `attempt` may be any: beyond two bits it hides behind the text.
std::string text_bytes(const PlainText& text, int attempt);

std::optional<std::uint32_t> parse_ack(std::string_view payload);
std::string ack_payload(std::uint32_t ack);

// Payload of Advert. Its signature is not looked at here.
struct Advert {
    std::string key;  // 32 bytes
    std::uint32_t time = 0;
    std::string signature;                                       // 64 bytes
    std::uint8_t type = 0;                                       // ContactType
    std::optional<std::pair<std::int32_t, std::int32_t>> place;  // x 1e6
    std::string name;
    std::string app_data;             // as it came, type to name; empty: of what is above
    std::string signed_part() const;  // what the signature is of
};
Result<Advert> parse_advert(std::string_view payload);
std::string advert_payload(const Advert& advert);

}  // namespace waypost::meshcore
