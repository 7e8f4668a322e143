// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/link.h"

#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/pack_float.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

constexpr char kPing = '\xFF';
constexpr char kPong = '\xFE';
constexpr unsigned char kFloat32 = 0xCA;  // MessagePack
constexpr unsigned char kMostFixint = 0x7F;

Error over(std::size_t size, std::size_t most) {
    return {Code::TooLarge,
            std::to_string(size) + " bytes are too many for one packet of this Reticulum link, " +
                std::to_string(most) + " fit: send a Resource",
            false};
}

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

template <class Float, class Bits>
double as_float(Bits bits) {
    static_assert(sizeof(Float) == sizeof(Bits));
    Float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return static_cast<double>(value);
}

// One MessagePack number: a float, or a small integer as some programs round it.
std::optional<double> read_number(std::string_view packed) {
    if (packed.empty()) return std::nullopt;
    const auto head = static_cast<unsigned char>(packed[0]);
    const std::string_view rest = packed.substr(1);
    if (head == kFloat64 && rest.size() == 8) return as_float<double>(number(rest));
    if (head == kFloat32 && rest.size() == 4)
        return as_float<float>(static_cast<std::uint32_t>(number(rest)));
    if (head <= kMostFixint && rest.empty()) return head;
    return std::nullopt;
}

}  // namespace

std::size_t Link::most_plain() const {
    return (parts_.mtu - kHeader1 - 1 - kTokenOver) / kTokenBlock * kTokenBlock - 1;
}

bool Link::owns(const Packet& packet) const {
    return packet.destination_type == DestinationType::Link && packet.destination == parts_.id;
}

Packet Link::blank(PacketType type, Context context) const {
    Packet packet;
    packet.type = type;
    packet.destination_type = DestinationType::Link;
    packet.context = context;
    packet.destination = parts_.id;
    return packet;
}

std::string Link::encrypt(std::string_view plain, Random& random) const {
    return seal_token(parts_.keys.reveal(), plain, random_bytes(random, kTokenIv));
}

Result<std::string> Link::decrypt(std::string_view token) const {
    return open_token(parts_.keys.reveal(), token);
}

Result<Packet> Link::seal(Context context, std::string_view plain, Random& random) const {
    if (plain.size() > most_plain()) return over(plain.size(), most_plain());
    Packet packet = blank(PacketType::Data, context);
    packet.data = encrypt(plain, random);
    return packet;
}

Result<std::string> Link::open(const Packet& packet) const {
    if (!owns(packet) || packet.type != PacketType::Data)
        return bad_input("no data on this Reticulum link");
    return decrypt(packet.data);
}

Result<Packet> Link::bare(PacketType type, Context context, std::string data) const {
    if (data.size() + kHeader1 > parts_.mtu) return over(data.size(), parts_.mtu - kHeader1);
    Packet packet = blank(type, context);
    packet.data = std::move(data);
    return packet;
}

Packet Link::prove(std::string_view packet_hash) const {
    Packet proof = blank(PacketType::Proof, Context::None);
    proof.data = packet_hash;
    proof.data += ed25519_sign(parts_.signing_key.reveal(), packet_hash);
    return proof;
}

Result<void> Link::check_proof(const Packet& proof, std::string_view packet_hash) const {
    const std::string_view data = proof.data;
    const bool ours = owns(proof) && proof.type == PacketType::Proof &&
                      proof.context == Context::None && packet_hash.size() == kFullHash &&
                      data.size() == kFullHash + kSignature &&
                      data.substr(0, kFullHash) == packet_hash;
    if (!ours) return bad_input("no proof of this packet on the Reticulum link");
    if (!ed25519_verify(parts_.peer_signing_key, packet_hash, data.substr(kFullHash)))
        return bad_input("a proof on the Reticulum link that the other side did not sign");
    return {};
}

Packet Link::keepalive() const {
    Packet packet = blank(PacketType::Data, Context::Keepalive);
    packet.data = std::string(1, parts_.initiator ? kPing : kPong);
    return packet;
}

bool Link::is_keepalive_from_peer(const Packet& packet) const {
    return owns(packet) && packet.type == PacketType::Data &&
           packet.context == Context::Keepalive &&
           packet.data == std::string(1, parts_.initiator ? kPong : kPing);
}

Packet Link::rtt(double seconds, Random& random) const {
    Packet packet = blank(PacketType::Data, Context::LinkRtt);
    packet.data = encrypt(pack_float(seconds), random);
    return packet;
}

Result<double> Link::read_rtt(const Packet& packet) const {
    if (packet.context != Context::LinkRtt) return bad_input("no round trip time of a link");
    const auto plain = open(packet);
    if (!plain.ok()) return plain.error();
    const auto seconds = read_number(*plain);
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0)
        return bad_input("the round trip time of a Reticulum link is no number of seconds");
    return *seconds;
}

Packet Link::close(Random& random) const {
    Packet packet = blank(PacketType::Data, Context::LinkClose);
    packet.data = encrypt(parts_.id, random);
    return packet;
}

Result<void> Link::check_close(const Packet& packet) const {
    if (packet.context != Context::LinkClose) return bad_input("no end of a Reticulum link");
    const auto plain = open(packet);
    if (!plain.ok()) return plain.error();
    if (*plain != parts_.id) return bad_input("the end of another Reticulum link");
    return {};
}

Packet Link::identify(const Identity& own, Random& random) const {
    const std::string& keys = own.shown().bytes();
    Packet packet = blank(PacketType::Data, Context::LinkIdentify);
    packet.data = encrypt(keys + own.sign(parts_.id + keys), random);
    return packet;
}

Result<PublicIdentity> Link::read_identify(const Packet& packet) const {
    if (packet.context != Context::LinkIdentify) return bad_input("nobody says who it is");
    const auto plain = open(packet);
    if (!plain.ok()) return plain.error();
    if (plain->size() != kIdentity + kSignature)
        return bad_input("who is on the Reticulum link is not said in 128 bytes");
    auto identity = PublicIdentity::from_bytes(std::string_view(*plain).substr(0, kIdentity));
    if (!identity.ok()) return identity.error();
    const std::string signed_part = parts_.id + identity->bytes();
    if (!identity->verify(signed_part, std::string_view(*plain).substr(kIdentity)))
        return bad_input("who is on the Reticulum link did not sign it");
    return identity;
}

}  // namespace waypost::reticulum
