// SPDX-License-Identifier: Apache-2.0
// MeshCore's cryptography, as its radios do it: Ed25519 keys used for X25519, AES-128-ECB with
// zero padding, two bytes of HMAC-SHA256. Weak: equal blocks look equal, and every 65536th guess
// passes for genuine. It is here to speak with those radios, and for nothing else. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "radio/meshcore/air_packet.h"
#include "radio/meshcore/companion.h"

namespace waypost::meshcore {

struct Identity {
    std::string key;          // 32 bytes, public
    std::string private_key;  // 64 bytes, as libsodium has them: seed and key
};
Identity identity_from_seed(std::string_view seed);  // 32 bytes

// 32 bytes, the same at both ends; nullopt: `peer` is no key.
std::optional<std::string> shared_secret(const Identity& own, std::string_view peer);

// MAC and cipher. `secret`: 16 (a channel's) or 32 bytes.
std::string seal(std::string_view secret, std::string_view plain);
// With the zeros that pad it; nullopt: not under this secret, or not whole.
std::optional<std::string> open_sealed(std::string_view secret, std::string_view sealed);

std::uint8_t channel_hash(std::string_view secret);
std::string channel_secret(std::string_view name);  // of "#name": 16 bytes
std::string public_channel_secret();

// What the recipient of a text answers: `plain` without padding nor what hides behind the text.
std::uint32_t ack_of(std::string_view plain, std::string_view sender_key);

void sign_advert(Advert& advert, const Identity& own);  // sets key and signature
bool is_genuine(const Advert& advert);

}  // namespace waypost::meshcore
