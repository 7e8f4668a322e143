// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pairing.h"

#include <sodium.h>

#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 4;
constexpr std::size_t kCode = 60;
constexpr std::size_t kBits = kCode * 5;
constexpr std::size_t kSecretBits = (kKey + 1) * 8;  // the other 36 are the check

bool bit_of(std::string_view bytes, std::size_t bit) {
    return (static_cast<unsigned char>(bytes[bit / 8]) >> (7 - bit % 8) & 1) != 0;
}

void set_bit(std::string& bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] | 1 << (7 - bit % 8));
}

std::string check_of(std::string_view secret) {
    constexpr std::string_view kLabel = "waypost trunk pairing";
    std::string out(16, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                       reinterpret_cast<const unsigned char*>(kLabel.data()), kLabel.size());
    return out;
}

int value_of(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'I' || c == 'L') c = '1';
    if (c == 'O') c = '0';
    const std::size_t at = kLetters.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool between(char c) { return c == '-' || c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// 300 bits, the last byte filled up with zeros.
Result<std::string> bits_of(std::string_view text) {
    std::string bits((kBits + 7) / 8, '\0');
    std::size_t letters = 0;
    for (const char c : text) {
        if (between(c)) continue;
        const int value = value_of(c);
        if (value < 0) return bad_input("the pairing code has a letter that no code has");
        if (letters == kCode) return bad_input("the pairing code is too long");
        for (std::size_t i = 0; i < 5; ++i)
            if ((value >> (4 - i) & 1) != 0) set_bit(bits, letters * 5 + i);
        ++letters;
    }
    if (letters < kCode) return bad_input("the pairing code is too short: it has 15 groups of 4");
    return bits;
}

}  // namespace

Pairing new_pairing(Random& random, std::uint8_t link) {
    return {Secret(random_bytes(random, kKey)), link};
}

std::string pairing_code(const Pairing& pairing) {
    std::string secret(pairing.psk.reveal());
    secret += static_cast<char>(pairing.link);
    secret += check_of(secret);
    std::string code;
    for (std::size_t letter = 0; letter < kCode; ++letter) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 5; ++i)
            value = value << 1 | (bit_of(secret, letter * 5 + i) ? 1U : 0U);
        if (letter > 0 && letter % kGroup == 0) code += '-';
        code += kLetters[value];
    }
    sodium_memzero(secret.data(), secret.size());
    return code;
}

Result<Pairing> parse_pairing_code(std::string_view text) {
    auto bits = bits_of(text);
    if (!bits.ok()) return bits.error();
    const std::string secret = bits->substr(0, kKey + 1);
    const std::string check = check_of(secret);
    for (std::size_t bit = kSecretBits; bit < kBits; ++bit)
        if (bit_of(*bits, bit) != bit_of(check, bit - kSecretBits))
            return bad_input("the pairing code has a mistake: compare it letter by letter");
    return Pairing{Secret(secret.substr(0, kKey)), static_cast<std::uint8_t>(secret[kKey])};
}

}  // namespace waypost::trunk
