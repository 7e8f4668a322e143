// SPDX-License-Identifier: Apache-2.0
// LEB128: numbers of 7 bits a byte, the lowest first, the high bit set on all but the last. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::trunk {

inline void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

// Takes the number off the front. None: it ends early, or has more than so many bits (a multiple of
// 7, or 64).
inline std::optional<std::uint64_t> take_varint(std::string_view& in, int most_bits = 64) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < most_bits && !in.empty(); shift += 7) {
        const std::uint64_t part = static_cast<std::uint8_t>(in.front());
        in.remove_prefix(1);
        if (shift == 63 && part > 1) return std::nullopt;
        value |= (part & 0x7F) << shift;
        if (part < 0x80) return value;
    }
    return std::nullopt;
}

// Bytes behind their number.
inline void put_bytes(std::string& out, std::string_view bytes) {
    put_varint(out, bytes.size());
    out += bytes;
}

inline std::optional<std::string> take_bytes(std::string_view& in) {
    const auto size = take_varint(in);
    if (!size || *size > in.size()) return std::nullopt;
    std::string bytes(in.substr(0, *size));
    in.remove_prefix(*size);
    return bytes;
}

}  // namespace waypost::trunk
