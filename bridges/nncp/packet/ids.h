// SPDX-License-Identifier: Apache-2.0
// The 32-byte names of NNCP, how they are made, and their spelling: RFC 4648 base32, upper case,
// without padding, 52 letters. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::nncp {

using Hash32 = std::array<std::uint8_t, 32>;
using NodeId = Hash32;  // BLAKE2b of a node's public signing key
using AreaId = Hash32;  // BLAKE2b of an area's public key
using Mth = Hash32;     // Merkle tree hash of a whole packet, which is its file name

inline constexpr std::size_t kNameLetters = 52;  // of a Hash32 in base32

// As they stand in a path or a record; seen as long as `hash` lives.
inline std::string_view bytes_of(const Hash32& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
Hash32 hash_of_bytes(std::string_view bytes);  // exactly 32
Hash32 blake2b(std::string_view bytes);        // of 32 bytes, without a key

std::string to_base32(std::string_view bytes);
inline std::string to_base32(const Hash32& hash) { return to_base32(bytes_of(hash)); }
// Strict: no padding, no lower case, no bits left over.
Result<std::string> from_base32(std::string_view text);
// Exactly 52 letters.
Result<Hash32> hash_from_base32(std::string_view text);

}  // namespace waypost::nncp
