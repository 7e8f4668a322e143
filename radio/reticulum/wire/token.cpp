// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/token.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <climits>
#include <memory>
#include <optional>
#include <stdexcept>

#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kMac = 32;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

std::string_view mac_key(std::string_view keys) { return keys.substr(0, kTokenKeys / 2); }
std::string_view cipher_key(std::string_view keys) { return keys.substr(kTokenKeys / 2); }

void check_keys(std::string_view keys) {
    if (keys.size() != kTokenKeys) throw std::logic_error("keys of a token are 64 bytes");
}

// nullopt: what was decrypted does not end in padding.
std::optional<std::string> run_cipher(std::string_view key, std::string_view iv,
                                      std::string_view in, bool encrypt) {
    if (iv.size() != kTokenIv || in.size() > INT_MAX - kTokenBlock)
        throw std::logic_error("AES-256-CBC: IV or text of a wrong length");
    std::string out(in.size() + kTokenBlock, '\0');
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int size = 0, last = 0;
    const bool works = context &&
                       EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key),
                                         bytes_of(iv), encrypt ? 1 : 0) == 1 &&
                       EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(in),
                                        static_cast<int>(in.size())) == 1;
    if (!works) throw std::logic_error("AES-256-CBC does not work");
    if (EVP_CipherFinal_ex(context.get(), bytes_of(out) + size, &last) != 1) return std::nullopt;
    out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::size_t token_size(std::size_t plain) {
    return kTokenOver + (plain / kTokenBlock + 1) * kTokenBlock;
}

std::string seal_token(std::string_view keys, std::string_view plain, std::string_view iv) {
    check_keys(keys);
    std::string token(iv);
    token += run_cipher(cipher_key(keys), iv, plain, true).value();
    return token += hmac_sha256(mac_key(keys), token);
}

Result<std::string> open_token(std::string_view keys, std::string_view token) {
    check_keys(keys);
    if (token.size() < token_size(0) || (token.size() - kTokenOver) % kTokenBlock != 0)
        return bad_input("an encrypted Reticulum text is cut");
    const std::string_view signed_part = token.substr(0, token.size() - kMac);
    if (!same(hmac_sha256(mac_key(keys), signed_part), token.substr(signed_part.size())))
        return bad_input("an encrypted Reticulum text is damaged, or for somebody else");
    auto plain = run_cipher(cipher_key(keys), token.substr(0, kTokenIv),
                            signed_part.substr(kTokenIv), false);
    if (!plain) return bad_input("an encrypted Reticulum text does not end in padding");
    return std::move(*plain);
}

Result<std::string> encrypt_with(const PublicIdentity& to, std::string_view ratchet,
                                 std::string_view plain, std::string_view ephemeral,
                                 std::string_view iv) {
    const auto shared = x25519(ephemeral, ratchet.empty() ? to.encryption_key() : ratchet);
    if (!shared.ok()) return shared.error();
    const Secret keys = hkdf(shared->reveal(), to.hash(), kTokenKeys);
    return x25519_public(ephemeral) + seal_token(keys.reveal(), plain, iv);
}

Result<std::string> encrypt_to(const PublicIdentity& to, std::string_view ratchet,
                               std::string_view plain, Random& random) {
    const Secret ephemeral(random_bytes(random, kKey));
    return encrypt_with(to, ratchet, plain, ephemeral.reveal(), random_bytes(random, kTokenIv));
}

Result<std::string> decrypt_own(const Identity& own, std::string_view bytes) {
    if (bytes.size() < kKey) return bad_input("an encrypted Reticulum text is cut");
    const auto shared = x25519(own.encryption_key(), bytes.substr(0, kKey));
    if (!shared.ok()) return shared.error();
    const Secret keys = hkdf(shared->reveal(), own.hash(), kTokenKeys);
    return open_token(keys.reveal(), bytes.substr(kKey));
}

}  // namespace waypost::reticulum
