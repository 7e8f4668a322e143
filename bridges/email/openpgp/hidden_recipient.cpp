// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/hidden_recipient.h"

#include <cstdint>
#include <optional>

namespace waypost::email::openpgp {
namespace {

constexpr unsigned kPublicKeySession = 1;  // RFC 4880 5.1
constexpr unsigned kPasswordSession = 3;   // 5.3
constexpr unsigned char kVersion = 3;
constexpr std::size_t kIdAt = 1;  // behind the version
constexpr std::size_t kIdBytes = 8;

struct Packet {
    unsigned tag = 0;
    std::size_t body = 0;  // where it begins
    std::size_t size = 0;
};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::optional<std::size_t> big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
    if (at + count > bytes.size()) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + i);
    return value;
}

// New format, RFC 4880 4.2.2. Session keys never have a partial length.
std::optional<Packet> new_format(std::string_view bytes, std::size_t at) {
    Packet packet{byte_at(bytes, at) & 0x3Fu, 0, 0};
    if (at + 1 >= bytes.size()) return std::nullopt;
    const std::size_t first = byte_at(bytes, at + 1);
    if (first < 192) {
        packet.body = at + 2;
        packet.size = first;
    } else if (first < 224) {
        if (at + 2 >= bytes.size()) return std::nullopt;
        packet.body = at + 3;
        packet.size = ((first - 192) << 8) + byte_at(bytes, at + 2) + 192;
    } else if (first == 255) {
        const auto size = big_endian(bytes, at + 2, 4);
        if (!size) return std::nullopt;
        packet.body = at + 6;
        packet.size = *size;
    } else {
        return std::nullopt;
    }
    return packet;
}

// Old format, 4.2.1.
std::optional<Packet> old_format(std::string_view bytes, std::size_t at) {
    const unsigned kind = byte_at(bytes, at) & 0x03u;
    if (kind == 3) return std::nullopt;
    const std::size_t octets = std::size_t{1} << kind;
    const auto size = big_endian(bytes, at + 1, octets);
    if (!size) return std::nullopt;
    return Packet{byte_at(bytes, at) >> 2 & 0x0Fu, at + 1 + octets, *size};
}

bool is_session_key(std::uint8_t header) {
    if ((header & 0x80) == 0) return false;
    const unsigned tag = (header & 0x40) != 0 ? header & 0x3Fu : header >> 2 & 0x0Fu;
    return tag == kPublicKeySession || tag == kPasswordSession;
}

}  // namespace

Result<void> name_hidden_recipient(std::string& message, std::string_view key_id, int most) {
    int found = 0;
    std::size_t at = 0;
    while (at < message.size() && is_session_key(byte_at(message, at))) {
        const bool is_new = (byte_at(message, at) & 0x40) != 0;
        const auto packet = is_new ? new_format(message, at) : old_format(message, at);
        if (!packet || packet->size > message.size() - packet->body)
            return bad_input("a session key that ends too early");
        if (++found > most) return bad_input("too many recipients");
        const std::size_t id = packet->body + kIdAt;
        const bool hidden = packet->tag == kPublicKeySession && packet->size > kIdAt + kIdBytes &&
                            byte_at(message, packet->body) == kVersion &&
                            message.compare(id, kIdBytes, std::string(kIdBytes, '\0')) == 0;
        if (hidden) message.replace(id, kIdBytes, key_id.substr(0, kIdBytes));
        at = packet->body + packet->size;
    }
    if (found == 0) return bad_input("no encrypted message");
    return {};
}

}  // namespace waypost::email::openpgp
