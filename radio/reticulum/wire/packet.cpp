// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/packet.h"

#include <utility>

#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr unsigned kAccessCode = 0x80;
constexpr unsigned kHasTransportId = 0x40;
constexpr unsigned kContextFlag = 0x20;
constexpr unsigned kTransport = 0x10;
constexpr std::size_t kFlagsAndHops = 2;

unsigned low_flags(const Packet& packet) {
    return (static_cast<unsigned>(packet.destination_type) & 3U) << 2 |
           (static_cast<unsigned>(packet.type) & 3U);
}

unsigned flags_of(const Packet& packet) {
    return low_flags(packet) | (packet.transport_id.empty() ? 0 : kHasTransportId) |
           (packet.context_flag ? kContextFlag : 0) | (packet.transport ? kTransport : 0);
}

Error too_large(std::size_t size) {
    return {Code::TooLarge,
            "a Reticulum packet of " + std::to_string(size) + " bytes is over the limit of " +
                std::to_string(kMtu),
            false};
}

// The first byte after the next transport node, if there is one: destination, context, data.
void read_rest(Packet& packet, std::string_view rest) {
    packet.destination = rest.substr(0, kHash);
    packet.context = static_cast<Context>(static_cast<unsigned char>(rest[kHash]));
    packet.data = rest.substr(kHash + 1);
}

}  // namespace

Result<Packet> parse_packet(std::string_view bytes) {
    if (bytes.size() < kHeader1) return bad_input("a Reticulum packet is cut before its data");
    const unsigned flags = static_cast<unsigned char>(bytes[0]);
    if (flags & kAccessCode) {
        return Error{Code::Refused,
                     "a Reticulum packet with an access code (IFAC): take network_name and "
                     "passphrase out of the peer's interface, we have none",
                     false};
    }
    if (bytes.size() > kMtu) return too_large(bytes.size());
    const bool relayed = (flags & kHasTransportId) != 0;
    if (relayed && bytes.size() < kHeader2)
        return bad_input("a Reticulum packet is cut in its header");
    Packet packet;
    packet.hops = static_cast<std::uint8_t>(bytes[1]);
    if (packet.hops > kMostHops) return bad_input("a Reticulum packet with too many hops");
    packet.type = static_cast<PacketType>(flags & 3U);
    packet.destination_type = static_cast<DestinationType>(flags >> 2 & 3U);
    packet.context_flag = (flags & kContextFlag) != 0;
    packet.transport = (flags & kTransport) != 0;
    if (relayed) packet.transport_id = bytes.substr(kFlagsAndHops, kHash);
    read_rest(packet, bytes.substr(relayed ? kFlagsAndHops + kHash : kFlagsAndHops));
    return packet;
}

Result<std::string> packet_bytes(const Packet& packet) {
    const bool relayed = !packet.transport_id.empty();
    if (packet.destination.size() != kHash || (relayed && packet.transport_id.size() != kHash))
        return bad_input("a Reticulum address is 16 bytes");
    if (packet.hops > kMostHops) return bad_input("a Reticulum packet with too many hops");
    const std::size_t size = (relayed ? kHeader2 : kHeader1) + packet.data.size();
    if (size > kMtu) return too_large(size);
    std::string out;
    out.reserve(size);
    out += static_cast<char>(flags_of(packet));
    out += static_cast<char>(packet.hops);
    out += packet.transport_id;
    out += packet.destination;
    out += static_cast<char>(packet.context);
    return out += packet.data;
}

std::string hashable_part(const Packet& packet) {
    std::string out(1, static_cast<char>(low_flags(packet)));
    out += packet.destination;
    out += static_cast<char>(packet.context);
    return out += packet.data;
}

std::string packet_hash(const Packet& packet) { return sha256(hashable_part(packet)); }

std::string short_packet_hash(const Packet& packet) { return short_hash16(hashable_part(packet)); }

Packet sent_through(Packet packet, std::string_view next_hop) {
    packet.transport_id = next_hop;
    packet.transport = true;
    packet.context_flag = false;
    return packet;
}

}  // namespace waypost::reticulum
