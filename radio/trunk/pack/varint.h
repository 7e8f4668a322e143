// SPDX-License-Identifier: Apache-2.0
// Numbers of 7 bits a byte, the lowest first, the high bit set on all but the last. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::pack {

inline void append_varint(std::string& bytes, std::uint32_t number) {
    for (; number >= 0x80; number >>= 7) bytes.push_back(static_cast<char>(number | 0x80));
    bytes.push_back(static_cast<char>(number));
}

// Takes the number off the front. None: it ends early, or is longer than 28 bits.
inline std::optional<std::uint32_t> take_varint(std::string_view& bytes) {
    std::uint32_t number = 0;
    for (int shift = 0; shift < 28 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        number |= (byte & 0x7Fu) << shift;
        if (byte < 0x80) return number;
    }
    return std::nullopt;
}

}  // namespace waypost::pack
