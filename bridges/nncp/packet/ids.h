// SPDX-License-Identifier: Apache-2.0
// The 32-byte names of NNCP and their spelling: RFC 4648 base32, upper case, without padding, 52
// letters. Pure.
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

std::string to_base32(std::string_view bytes);
inline std::string to_base32(const Hash32& hash) {
    return to_base32({reinterpret_cast<const char*>(hash.data()), hash.size()});
}
// Strict: no padding, no lower case, no bits left over.
Result<std::string> from_base32(std::string_view text);
// Exactly 52 letters.
Result<Hash32> hash_from_base32(std::string_view text);

}  // namespace waypost::nncp
