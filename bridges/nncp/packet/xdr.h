// SPDX-License-Identifier: Apache-2.0
// Numbers as XDR writes them (RFC 4506): big-endian, 4 or 8 bytes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::nncp {

inline void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
inline void put_u64(std::string& out, std::uint64_t value) {
    put_u32(out, static_cast<std::uint32_t>(value >> 32));
    put_u32(out, static_cast<std::uint32_t>(value));
}
// The caller has made sure that 4 or 8 bytes stand at `at`.
inline std::uint32_t get_u32(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}
inline std::uint64_t get_u64(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint64_t>(get_u32(bytes, at)) << 32 | get_u32(bytes, at + 4);
}

}  // namespace waypost::nncp
