// SPDX-License-Identifier: Apache-2.0
// A number as MessagePack's float of 64 bits, as the reference program packs times: msgpack-cxx
// makes an integer of what is whole. Pure.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

namespace waypost::reticulum {

inline constexpr unsigned char kFloat64 = 0xCB;  // before its 8 bytes, big-endian

inline std::string pack_float(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    std::string out(1, static_cast<char>(kFloat64));
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xff);
    return out;
}

}  // namespace waypost::reticulum
