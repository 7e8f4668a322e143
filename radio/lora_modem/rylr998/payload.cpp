// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/rylr998/payload.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace waypost::rylr998 {
namespace {

constexpr char kText = '~';
constexpr char kAsItIs = '}';
constexpr std::string_view kAlphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
constexpr std::size_t kGroup = 4;

// Up to four bytes, in as many characters and one.
void put_group(std::string_view bytes, std::string& out) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < kGroup; ++i)
        value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    std::array<char, kGroup + 1> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        *digit = kAlphabet[value % 85];
        value /= 85;
    }
    out.append(digits.data(), bytes.size() + 1);
}

bool take_group(std::string_view digits, std::string& out) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i <= kGroup; ++i) {
        // What was cut off is taken at its most: rounded up, the bytes before it stay as they were.
        const std::size_t digit = i < digits.size() ? kAlphabet.find(digits[i]) : 84;
        if (digit == std::string_view::npos) return false;
        value = value * 85 + digit;
    }
    if (value > 0xFFFF'FFFF) return false;
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); ++i)
        bytes += static_cast<char>(value >> (24 - 8 * i) & 255);
    std::string again;
    put_group(bytes, again);
    out += bytes;
    return again == digits;
}

}  // namespace

std::size_t size_as_text(std::size_t bytes) { return 1 + bytes + (bytes + kGroup - 1) / kGroup; }

std::string as_text(std::string_view frame) {
    std::string out(1, kText);
    for (std::size_t at = 0; at < frame.size(); at += kGroup)
        put_group(frame.substr(at, kGroup), out);
    return out;
}

std::string as_it_is(std::string_view frame) {
    const bool marked = !frame.empty() && (frame[0] == kText || frame[0] == kAsItIs);
    return (marked ? std::string(1, kAsItIs) : std::string()).append(frame);
}

std::optional<std::string> frame_of(std::string_view data) {
    if (data.empty() || (data[0] != kText && data[0] != kAsItIs)) return std::string(data);
    const bool text = data[0] == kText;
    data.remove_prefix(1);
    if (!text) return std::string(data);
    std::string frame;
    for (std::size_t at = 0; at < data.size(); at += kGroup + 1) {
        const std::string_view digits = data.substr(at, kGroup + 1);
        if (digits.size() < 2 || !take_group(digits, frame)) return std::nullopt;
    }
    return frame;
}

}  // namespace waypost::rylr998
