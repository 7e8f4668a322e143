// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

std::optional<int> digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

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
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        const auto value = digit(hex[i]);
        if (!value) return std::nullopt;
        if ((hex.size() - i) % 2 == 0 || i == 0) bytes += '\0';
        bytes.back() = static_cast<char>((bytes.back() & 15) << 4 | *value);
    }
    return bytes;
}

std::string hex_of(std::string_view value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char byte : value) {
        out += kDigits[static_cast<unsigned char>(byte) >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

std::string address_text(std::uint64_t address) { return hex_of(big_endian(address)); }

std::optional<std::uint64_t> parse_address(std::string_view text) {
    const auto value = value_from_hex(text);
    if (!value || text.size() != 16) return std::nullopt;
    return number_of(*value);
}

}  // namespace waypost::xbee
