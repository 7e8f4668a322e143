// SPDX-License-Identifier: Apache-2.0
// The sizes of Reticulum's wire, in bytes. Hashes, keys, signatures and packets are byte strings
// of just these lengths all through this room; numbers on the wire are big-endian.
// Facts: the reticulum-specifications SPEC.md, sections 1 to 8, checked against RNS 1.2.0.
#pragma once

#include <cstddef>
#include <cstdint>

namespace waypost::reticulum {

inline constexpr std::size_t kMtu = 500;      // the longest packet that anybody need carry
inline constexpr std::size_t kHash = 16;      // of an identity, destination, link; a packet's short
inline constexpr std::size_t kFullHash = 32;  // SHA-256: of a packet, for its proof
inline constexpr std::size_t kNameHash = 10;  // of "lxmf.delivery"
inline constexpr std::size_t kKey = 32;       // X25519 or Ed25519, public or private
inline constexpr std::size_t kIdentity = 64;  // X25519 key, then Ed25519 key
inline constexpr std::size_t kSignature = 64;   // Ed25519
inline constexpr std::size_t kRandomHash = 10;  // of an announce: 5 bytes of chance, 5 of time
inline constexpr std::size_t kTokenKeys = 64;   // HMAC key, then AES key
inline constexpr std::size_t kTokenIv = 16;     // of AES-256-CBC, as its block
inline constexpr std::size_t kTokenBlock = 16;
inline constexpr std::size_t kTokenOver = 48;  // IV and HMAC; the padding is 1 to 16 more
inline constexpr std::size_t kHeader1 = 19;    // flags, hops, destination, context
inline constexpr std::size_t kHeader2 = 35;    // and the next transport node
inline constexpr std::uint8_t kMostHops = 127;

// What others take in one packet, with the longer header and one byte to spare for an access code.
inline constexpr std::size_t kMostSealed = 383;  // plain text of a single packet
inline constexpr std::size_t kMostOnLink = 431;  // plain text on a link of kMtu

}  // namespace waypost::reticulum
