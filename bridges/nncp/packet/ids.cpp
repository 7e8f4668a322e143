// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/ids.h"

#include <sodium.h>

#include <algorithm>

namespace waypost::nncp {

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

int value_of(char letter) {
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= '2' && letter <= '7') return letter - '2' + 26;
    return -1;
}

}  // namespace

Hash32 hash_of_bytes(std::string_view bytes) {
    Hash32 hash{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()),
                reinterpret_cast<char*>(hash.data()));
    return hash;
}

Hash32 blake2b(std::string_view bytes) {
    Hash32 hash{};
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                       0);
    return hash;
}

std::string to_base32(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() * 8 + 4) / 5);
    unsigned held = 0;
    int bits = 0;
    for (const char each : bytes) {
        held = held << 8 | static_cast<unsigned char>(each);
        for (bits += 8; bits >= 5; bits -= 5) out += kLetters[held >> (bits - 5) & 31];
        held &= 31;
    }
    if (bits > 0) out += kLetters[held << (5 - bits) & 31];
    return out;
}

Result<std::string> from_base32(std::string_view text) {
    std::string out;
    out.reserve(text.size() * 5 / 8);
    unsigned held = 0;
    int bits = 0;
    for (const char letter : text) {
        const int value = value_of(letter);
        if (value < 0) return bad_input("only the letters A to Z and 2 to 7 make a name in base32");
        held = held << 5 | static_cast<unsigned>(value);
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(held >> bits);
        held &= (1u << bits) - 1;
    }
    if (bits >= 5 || held != 0) return bad_input("a base32 name of a length that cannot be");
    return out;
}

Result<Hash32> hash_from_base32(std::string_view text) {
    if (text.size() != kNameLetters) return bad_input("a name in base32 has 52 letters");
    const auto bytes = from_base32(text);
    if (!bytes.ok()) return bytes.error();
    return hash_of_bytes(*bytes);
}

}  // namespace waypost::nncp
