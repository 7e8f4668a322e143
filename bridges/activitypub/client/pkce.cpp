// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/pkce.h"

#include <sodium.h>

#include <array>

namespace waypost::activitypub::client {
namespace {

constexpr int kVerifierBytes = 32;
constexpr std::size_t kShortest = 43;
constexpr std::size_t kLongest = 128;

}  // namespace

std::string new_pkce_verifier(Random& random) { return random.hex(kVerifierBytes); }

bool is_pkce_verifier(std::string_view text) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    return text.size() >= kShortest && text.size() <= kLongest &&
           text.find_first_not_of(kLetters) == std::string_view::npos;
}

std::string pkce_challenge(const std::string& verifier) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    ::crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(verifier.data()),
                         verifier.size());
    constexpr int kForm = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(hash.size(), kForm), '\0');
    ::sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(), kForm);
    text.pop_back();  // its end mark
    return text;
}

}  // namespace waypost::activitypub::client
