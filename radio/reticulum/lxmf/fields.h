// SPDX-License-Identifier: Apache-2.0
// Numbers of the fields of LXMF that we know.
#pragma once

#include <cstdint>

namespace waypost::reticulum {

inline constexpr std::uint8_t kFieldFiles = 0x05;    // [[name, data], ...]
inline constexpr std::uint8_t kFieldImage = 0x06;    // [format, data]
inline constexpr std::uint8_t kFieldAudio = 0x07;    // [codec, data]
inline constexpr std::uint8_t kFieldReplyTo = 0x30;  // 32 bytes

}  // namespace waypost::reticulum
