// SPDX-License-Identifier: Apache-2.0
#include "gateway/people/reply_token.h"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace waypost {
namespace {

constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648 section 6
constexpr std::size_t kMacBytes = 8;
constexpr std::size_t kTokenChars = 16;

std::string base32(const std::string& bytes) {
    std::string out;
    unsigned pool = 0;
    int bits = 0;
    for (const char c : bytes) {
        pool = (pool << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(pool >> (bits - 5)) & 31];
        pool &= (1u << bits) - 1;
    }
    return out;
}

int digit(char c) {
    if (c >= 'a' && c <= 'z') return c - 'a';
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= '2' && c <= '7') return c - '2' + 26;
    return -1;
}

std::string from_base32(std::string_view text) {
    std::string out;
    unsigned pool = 0;
    int bits = 0;
    for (const char c : text) {
        if (digit(c) < 0) return {};
        pool = (pool << 5) | static_cast<unsigned>(digit(c));
        bits += 5;
        if (bits >= 8) {
            out += static_cast<char>((pool >> (bits - 8)) & 255);
            bits -= 8;
        }
        pool &= (1u << bits) - 1;
    }
    return out;
}

std::string day_bytes(std::int64_t day) {
    return {static_cast<char>((day >> 8) & 255), static_cast<char>(day & 255)};
}

}  // namespace

ReplyTokens::ReplyTokens(Secret key) : key_(std::move(key)) {
    if (key_.reveal().size() < crypto_generichash_KEYBYTES_MIN) {
        throw std::logic_error("a reply-token key is too short");
    }
}

std::string ReplyTokens::mac(std::string_view local_part, std::int64_t last_day) const {
    const std::string input = day_bytes(last_day) + std::string(local_part);
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(input.data()), input.size(),
                       reinterpret_cast<const unsigned char*>(key_.reveal().data()),
                       key_.reveal().size());
    return std::string(reinterpret_cast<const char*>(hash.data()), kMacBytes);
}

std::string ReplyTokens::make(std::string_view local_part, std::int64_t last_day) const {
    return base32(day_bytes(last_day) + mac(local_part, last_day));
}

bool ReplyTokens::valid(std::string_view local_part, std::string_view token,
                        std::int64_t today) const {
    if (token.size() != kTokenChars) return false;
    const std::string bytes = from_base32(token);
    if (bytes.size() != 2 + kMacBytes) return false;
    const std::int64_t last_day =
        (static_cast<unsigned char>(bytes[0]) << 8) | static_cast<unsigned char>(bytes[1]);
    const std::string expected = mac(local_part, last_day);
    return sodium_memcmp(expected.data(), bytes.data() + 2, kMacBytes) == 0 && today <= last_day;
}

std::pair<std::string, std::string> split_plus(std::string_view local_part) {
    const std::size_t plus = local_part.find('+');
    if (plus == std::string_view::npos) return {std::string(local_part), {}};
    return {std::string(local_part.substr(0, plus)), std::string(local_part.substr(plus + 1))};
}

}  // namespace waypost
