// SPDX-License-Identifier: Apache-2.0
// The CRC that ends a packet on air, here of 16 bits for every modem: it tells a damaged one.
#pragma once

#include <optional>

#include "radio/framing/cobs_frames.h"

namespace waypost::simulator {

inline std::string with_crc(std::string packet) {
    const std::uint16_t check = crc16(packet);
    packet += static_cast<char>(check >> 8);
    packet += static_cast<char>(check & 255);
    return packet;
}

// nullopt: damaged.
inline std::optional<std::string> without_crc(const std::string& heard) {
    if (heard.size() < 2) return std::nullopt;
    std::string packet = heard.substr(0, heard.size() - 2);
    if (with_crc(packet) != heard) return std::nullopt;
    return packet;
}

}  // namespace waypost::simulator
