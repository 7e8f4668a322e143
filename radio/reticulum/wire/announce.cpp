// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/announce.h"

#include <utility>

#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kChance = 5;  // of the random hash; the rest is time
constexpr std::size_t kTime = kRandomHash - kChance;

std::string signed_part(std::string_view destination, std::string_view keys,
                        std::string_view name_hash, std::string_view random_hash,
                        std::string_view ratchet, std::string_view app_data) {
    std::string out(destination);
    out.append(keys).append(name_hash).append(random_hash).append(ratchet).append(app_data);
    return out;
}

std::string_view cut(std::string_view& from, std::size_t count) {
    const std::string_view field = from.substr(0, count);
    from.remove_prefix(count);
    return field;
}

bool is_announce(const Packet& packet) {
    return packet.type == PacketType::Announce &&
           packet.destination_type == DestinationType::Single;
}

}  // namespace

std::uint64_t Announce::emitted() const {
    std::uint64_t seconds = 0;
    for (std::size_t i = kChance; i < random_hash.size(); ++i)
        seconds = seconds << 8 | static_cast<unsigned char>(random_hash[i]);
    return seconds;
}

Result<Announce> validate_announce(const Packet& packet) {
    if (!is_announce(packet)) return bad_input("no Reticulum announce");
    const std::size_t ratchet_size = packet.context_flag ? kKey : 0;
    const std::size_t least = kIdentity + kNameHash + kRandomHash + ratchet_size + kSignature;
    if (packet.data.size() < least) return bad_input("a Reticulum announce is cut");
    std::string_view rest = packet.data;
    const std::string_view keys = cut(rest, kIdentity);
    const std::string_view name = cut(rest, kNameHash);
    const std::string_view random_hash = cut(rest, kRandomHash);
    const std::string_view ratchet = cut(rest, ratchet_size);
    const std::string_view signature = cut(rest, kSignature);
    auto identity = PublicIdentity::from_bytes(keys);
    if (!identity.ok()) return identity.error();
    if (packet.destination != destination_hash(name, identity->hash()))
        return bad_input("a Reticulum announce of a destination that its keys do not own");
    const std::string whole =
        signed_part(packet.destination, keys, name, random_hash, ratchet, rest);
    if (!identity->verify(whole, signature))
        return bad_input("a Reticulum announce with a wrong signature");
    return Announce{packet.destination,
                    std::move(identity).value(),
                    std::string(name),
                    std::string(random_hash),
                    std::string(ratchet),
                    std::string(rest),
                    packet.context == Context::PathResponse};
}

Result<Packet> build_announce(const Identity& own, const AnnounceParts& parts) {
    if (parts.random_hash.size() != kRandomHash)
        return bad_input("the random hash of an announce is 10 bytes");
    if (!parts.ratchet.empty() && parts.ratchet.size() != kKey)
        return bad_input("the ratchet of an announce is 32 bytes");
    Packet packet;
    packet.type = PacketType::Announce;
    packet.context = parts.path_response ? Context::PathResponse : Context::None;
    packet.context_flag = !parts.ratchet.empty();
    packet.destination = destination_of(parts.name, own.shown());
    const std::string name = name_hash(parts.name);
    const std::string& keys = own.shown().bytes();
    packet.data = keys + name + parts.random_hash + parts.ratchet;
    packet.data += own.sign(signed_part(packet.destination, keys, name, parts.random_hash,
                                        parts.ratchet, parts.app_data));
    packet.data += parts.app_data;
    if (const auto bytes = packet_bytes(packet); !bytes.ok()) return bytes.error();
    return packet;
}

std::string announce_random_hash(Random& random, std::uint64_t unix_seconds) {
    std::string out = random_bytes(random, kChance);
    for (std::size_t i = kTime; i-- > 0;) out += static_cast<char>(unix_seconds >> (8 * i) & 255);
    return out;
}

}  // namespace waypost::reticulum
