// SPDX-License-Identifier: Apache-2.0
// A Reticulum packet: flags, hops, [next transport node], destination, context, data. SPEC.md
// section 2. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/reticulum/wire/sizes.h"

namespace waypost::reticulum {

enum class PacketType : std::uint8_t { Data = 0, Announce = 1, LinkRequest = 2, Proof = 3 };
enum class DestinationType : std::uint8_t { Single = 0, Group = 1, Plain = 2, Link = 3 };

// What the data of a packet is. A value from the wire may be none of these.
enum class Context : std::uint8_t {
    None = 0x00,
    Resource = 0x01,  // a part; not encrypted by the link, the whole of the resource is
    ResourceAdvertisement = 0x02,
    ResourceRequest = 0x03,
    ResourceHashmap = 0x04,
    ResourceProof = 0x05,   // in a packet of type Proof; not encrypted
    ResourceCancel = 0x06,  // by who sends it
    ResourceReject = 0x07,  // by who receives it
    CacheRequest = 0x08,
    Request = 0x09,
    Response = 0x0A,
    PathResponse = 0x0B,  // an announce that answers a path request
    Command = 0x0C,
    CommandStatus = 0x0D,
    Channel = 0x0E,
    Keepalive = 0xFA,  // not encrypted
    LinkIdentify = 0xFB,
    LinkClose = 0xFC,
    LinkProof = 0xFD,
    LinkRtt = 0xFE,
    LinkRequestProof = 0xFF,  // not encrypted
};

struct Packet {
    PacketType type = PacketType::Data;
    DestinationType destination_type = DestinationType::Single;
    Context context = Context::None;
    bool context_flag = false;  // an announce with a ratchet
    bool transport = false;     // on its way through transport nodes, not to all in reach
    std::uint8_t hops = 0;
    std::string transport_id;  // kHash bytes: who takes it next (header type 2); or empty
    std::string destination;   // kHash bytes: of a destination, a link, or of what a proof proves
    std::string data;
};

// BadInput: no packet. Refused: it has an access code (IFAC), which we do not speak. TooLarge: over
// kMtu.
Result<Packet> parse_packet(std::string_view bytes);
// TooLarge: over kMtu; BadInput: destination or transport_id of a wrong length, too many hops.
Result<std::string> packet_bytes(const Packet& packet);

// What stays the same on the way: no hops, no transport node, none of their flags.
std::string hashable_part(const Packet& packet);
std::string packet_hash(const Packet& packet);        // kFullHash bytes: what a proof signs
std::string short_packet_hash(const Packet& packet);  // its first kHash: where a proof goes to

// The same packet for a destination more than one hop away: by `next_hop`, the transport node's
// identity hash that its announce came with. Not for packets on a link, which go without.
Packet sent_through(Packet packet, std::string_view next_hop);

}  // namespace waypost::reticulum
