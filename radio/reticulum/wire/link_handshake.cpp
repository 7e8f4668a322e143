// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/link_handshake.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kSignalling = 3;
constexpr std::size_t kRequest = 2 * kKey;
constexpr std::size_t kProof = kSignature + kKey;
constexpr std::uint32_t kMtuMask = 0x1FFFFF;
constexpr unsigned kModeShift = 21;

Result<std::size_t> agreed_mtu(const std::optional<LinkSignalling>& signalling) {
    if (!signalling) return kMtu;
    if (signalling->mode != kAes256Cbc) {
        return Error{Code::Refused,
                     "a Reticulum link with encryption mode " + std::to_string(signalling->mode) +
                         ": only AES-256-CBC (1) is spoken here",
                     false};
    }
    if (signalling->mtu < kLeastLinkMtu) {
        return Error{Code::Refused,
                     "a Reticulum link with packets of " + std::to_string(signalling->mtu) +
                         " bytes: at least " + std::to_string(kLeastLinkMtu) + " are needed",
                     false};
    }
    return std::min<std::size_t>(signalling->mtu, kMtu);
}

std::optional<LinkSignalling> signalling_behind(std::string_view data, std::size_t fixed) {
    if (data.size() != fixed + kSignalling) return std::nullopt;
    return parse_signalling(data.substr(fixed));
}

bool has_size(std::string_view data, std::size_t fixed) {
    return data.size() == fixed || data.size() == fixed + kSignalling;
}

std::string signed_by_responder(std::string_view link_id, std::string_view encryption_key,
                                std::string_view signing_key, std::string_view signalling) {
    std::string out(link_id);
    out.append(encryption_key).append(signing_key).append(signalling);
    return out;
}

Result<Secret> link_keys(std::string_view own_key, std::string_view peer_key,
                         std::string_view link_id) {
    const auto shared = x25519(own_key, peer_key);
    if (!shared.ok()) return shared.error();
    return hkdf(shared->reveal(), link_id, kTokenKeys);
}

Packet proof_of(const std::string& link_id, const Identity& own, std::string_view encryption_key,
                const std::string& signalling) {
    Packet proof;
    proof.type = PacketType::Proof;
    proof.destination_type = DestinationType::Link;
    proof.context = Context::LinkRequestProof;
    proof.destination = link_id;
    proof.data = own.sign(
        signed_by_responder(link_id, encryption_key, own.shown().signing_key(), signalling));
    proof.data.append(encryption_key).append(signalling);
    return proof;
}

Secret copy(std::string_view secret) { return Secret(std::string(secret)); }

}  // namespace

std::string signalling_bytes(const LinkSignalling& signalling) {
    const std::uint32_t value = (signalling.mtu & kMtuMask) |
                                static_cast<std::uint32_t>(signalling.mode & 7U) << kModeShift;
    return {static_cast<char>(value >> 16 & 255), static_cast<char>(value >> 8 & 255),
            static_cast<char>(value & 255)};
}

LinkSignalling parse_signalling(std::string_view three_bytes) {
    if (three_bytes.size() != kSignalling) throw std::logic_error("signalling is three bytes");
    std::uint32_t value = 0;
    for (const char byte : three_bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return {value & kMtuMask, static_cast<std::uint8_t>(value >> kModeShift)};
}

Result<LinkRequest> parse_link_request(const Packet& packet) {
    if (packet.type != PacketType::LinkRequest ||
        packet.destination_type != DestinationType::Single || packet.context != Context::None)
        return bad_input("no request for a Reticulum link");
    if (!has_size(packet.data, kRequest))
        return bad_input("a request for a Reticulum link is 64 or 67 bytes");
    LinkRequest request{packet.data.substr(0, kKey), packet.data.substr(kKey, kKey),
                        signalling_behind(packet.data, kRequest)};
    if (const auto mtu = agreed_mtu(request.signalling); !mtu.ok()) return mtu.error();
    return request;
}

std::string link_id_of(const Packet& link_request) {
    Packet bare = link_request;
    bare.data.resize(std::min(bare.data.size(), kRequest));
    return short_packet_hash(bare);
}

LinkInitiation::LinkInitiation(PublicIdentity peer, Secret encryption_key, Secret signing_key)
    : peer_(std::move(peer)),
      encryption_key_(std::move(encryption_key)),
      signing_key_(std::move(signing_key)) {}

LinkInitiation LinkInitiation::begin(std::string_view destination, PublicIdentity peer,
                                     Random& random) {
    return begin_with(destination, std::move(peer), Secret(random_bytes(random, kKey)),
                      Secret(random_bytes(random, kKey)));
}

LinkInitiation LinkInitiation::begin_with(std::string_view destination, PublicIdentity peer,
                                          Secret encryption_key, Secret signing_key) {
    LinkInitiation made(std::move(peer), std::move(encryption_key), std::move(signing_key));
    made.request_.type = PacketType::LinkRequest;
    made.request_.destination = destination;
    made.request_.data = x25519_public(made.encryption_key_.reveal()) +
                         ed25519_public(made.signing_key_.reveal()) + signalling_bytes({});
    made.link_id_ = link_id_of(made.request_);
    return made;
}

Result<Link> LinkInitiation::accept(const Packet& proof) const {
    if (proof.type != PacketType::Proof || proof.destination_type != DestinationType::Link ||
        proof.context != Context::LinkRequestProof || proof.destination != link_id_ ||
        !has_size(proof.data, kProof))
        return bad_input("no answer to our request for a Reticulum link");
    const std::string_view data = proof.data;
    const std::string_view peer_key = data.substr(kSignature, kKey);
    const std::string signed_part =
        signed_by_responder(link_id_, peer_key, peer_.signing_key(), data.substr(kProof));
    if (!peer_.verify(signed_part, data.substr(0, kSignature)))
        return bad_input("an answer to our request for a Reticulum link by somebody else");
    const auto mtu = agreed_mtu(signalling_behind(data, kProof));
    if (!mtu.ok()) return mtu.error();
    auto keys = link_keys(encryption_key_.reveal(), peer_key, link_id_);
    if (!keys.ok()) return keys.error();
    return Link({link_id_, true, *mtu, std::move(keys).value(), copy(signing_key_.reveal()),
                 std::string(peer_.signing_key())});
}

Result<AnsweredLink> answer_link_request(const Packet& request, const Identity& own,
                                         Random& random) {
    return answer_with(request, own, Secret(random_bytes(random, kKey)));
}

Result<AnsweredLink> answer_with(const Packet& request, const Identity& own,
                                 Secret encryption_key) {
    const auto asked = parse_link_request(request);
    if (!asked.ok()) return asked.error();
    const auto mtu = agreed_mtu(asked->signalling);
    if (!mtu.ok()) return mtu.error();
    const std::string link_id = link_id_of(request);
    auto keys = link_keys(encryption_key.reveal(), asked->encryption_key, link_id);
    if (!keys.ok()) return keys.error();
    const std::string signalling =
        asked->signalling ? signalling_bytes({static_cast<std::uint32_t>(*mtu), kAes256Cbc}) : "";
    return AnsweredLink{Link({link_id, false, *mtu, std::move(keys).value(),
                              copy(own.signing_key()), asked->signing_key}),
                        proof_of(link_id, own, x25519_public(encryption_key.reveal()), signalling)};
}

}  // namespace waypost::reticulum
