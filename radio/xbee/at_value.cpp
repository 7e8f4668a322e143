// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/at_value.h"

#include "gateway/base/encoding.h"

namespace waypost::xbee {
namespace {

std::string_view without_zeros(std::string_view value) {
    while (!value.empty() && value.front() == '\0') value.remove_prefix(1);
    return value;
}

std::string big_endian(std::uint64_t number) {
    std::string out;
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 255);
    return out;
}

}  // namespace

std::uint64_t number_of(std::string_view value) {
    std::uint64_t number = 0;
    for (const char byte : value) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

std::string value_of(std::uint64_t number) {
    const std::string all = big_endian(number);
    const std::string_view least = without_zeros(all);
    return least.empty() ? std::string(1, '\0') : std::string(least);
}

bool same_value(std::string_view a, std::string_view b) {
    return without_zeros(a) == without_zeros(b);
}

std::optional<std::string> value_from_hex(std::string_view hex) {
    return from_hex((hex.size() % 2 == 0 ? "" : "0") + std::string(hex));
}

std::string address_text(std::uint64_t address) { return to_hex(big_endian(address)); }

std::optional<std::uint64_t> parse_address(std::string_view text) {
    const auto value = value_from_hex(text);
    if (!value || text.size() != 16) return std::nullopt;
    return number_of(*value);
}

}  // namespace waypost::xbee
