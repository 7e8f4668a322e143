// SPDX-License-Identifier: Apache-2.0
// Values of AT parameters: numbers are big-endian, in as few or as many bytes as the module likes.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::xbee {

std::uint64_t number_of(std::string_view value);  // of the last 8 bytes
std::string value_of(std::uint64_t number);       // in as few bytes as it takes, at least one
bool same_value(std::string_view a, std::string_view b);  // leading zeros do not count

// "13A200" as a person writes it, an odd number of digits as well; nullopt: no hex.
std::optional<std::string> value_from_hex(std::string_view hex);

// "0013a20041b2c3d4" as frame_radio.h has it.
std::string address_text(std::uint64_t address);
std::optional<std::uint64_t> parse_address(std::string_view text);  // 16 digits

}  // namespace waypost::xbee
