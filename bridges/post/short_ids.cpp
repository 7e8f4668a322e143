// SPDX-License-Identifier: Apache-2.0
#include "bridges/post/short_ids.h"

#include <charconv>

namespace waypost::post {
namespace {

constexpr std::int64_t kSince = 1'704'067'200'000;  // 2024-01-01, milliseconds
constexpr int kTimeBytes = 5;
constexpr std::size_t kChanceBytes = 6;
constexpr char kDigits[] = "0123456789abcdef";

std::string base36(std::int64_t number) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, 36);
    return {digits, end.ptr};
}

std::int64_t milliseconds_of(std::string_view eleven) {
    std::int64_t ms = 0;
    for (int i = 0; i < kTimeBytes; ++i)
        ms = ms << 8 | static_cast<unsigned char>(eleven[static_cast<std::size_t>(i)]);
    return ms + kSince;
}

}  // namespace

std::optional<std::string> binary_id(std::string_view bare) {
    const std::size_t dot = bare.find('.');
    if (dot == std::string::npos || bare.size() - dot - 1 != 2 * kChanceBytes) return std::nullopt;
    std::int64_t ms = 0;
    const auto read = std::from_chars(bare.data(), bare.data() + dot, ms, 36);
    if (read.ec != std::errc() || ms < kSince || (ms - kSince) >> (8 * kTimeBytes) != 0)
        return std::nullopt;
    std::string out;
    for (int shift = 8 * (kTimeBytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>((ms - kSince) >> shift & 255);
    for (std::size_t i = dot + 1; i < bare.size(); i += 2) {
        unsigned byte = 0;
        std::from_chars(bare.data() + i, bare.data() + i + 2, byte, 16);
        out += static_cast<char>(byte);
    }
    // Capitals, zeros in front: not as a box writes it, and it has to come back as it was.
    if (id_of_binary(out) != bare) return std::nullopt;
    return out;
}

std::string id_of_binary(std::string_view eleven) {
    std::string out = base36(milliseconds_of(eleven)) + '.';
    for (const char c : eleven.substr(kTimeBytes, kChanceBytes)) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::int64_t time_of_binary(std::string_view eleven) { return milliseconds_of(eleven) / 1000; }

}  // namespace waypost::post
