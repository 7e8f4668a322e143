// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/air_seal.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::size_t kCipherKey = 16;
constexpr std::size_t kMacBytes = 2;
constexpr char kPublicSecret[] = "8b3387e9c5cdea6ac9e5edbaa115cd72";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Whole blocks in, as many out.
std::string run_cipher(std::string_view secret, std::string_view blocks, bool encrypt) {
    std::string key;
    put_field(key, secret, kCipherKey);
    std::string out(blocks.size() + kBlock, '\0');
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int size = 0;
    const bool good = context &&
                      EVP_CipherInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, bytes_of(key),
                                        nullptr, encrypt ? 1 : 0) == 1 &&
                      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                      EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(blocks),
                                       static_cast<int>(blocks.size())) == 1;
    if (!good || static_cast<std::size_t>(size) != blocks.size())
        throw std::logic_error("AES-128-ECB does not work");
    out.resize(blocks.size());
    return out;
}

std::string mac_of(std::string_view secret, std::string_view cipher) {
    std::string key;
    put_field(key, secret, crypto_auth_hmacsha256_KEYBYTES);
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256(mac.data(), bytes_of(cipher), cipher.size(), bytes_of(key));
    return {reinterpret_cast<const char*>(mac.data()), kMacBytes};
}

std::array<unsigned char, crypto_hash_sha256_BYTES> sha256(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), bytes_of(bytes), bytes.size());
    return hash;
}

}  // namespace

Identity identity_from_seed(std::string_view seed) {
    std::string whole;
    put_field(whole, seed, crypto_sign_SEEDBYTES);
    Identity made;
    made.key.resize(crypto_sign_PUBLICKEYBYTES);
    made.private_key.resize(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(bytes_of(made.key), bytes_of(made.private_key), bytes_of(whole));
    return made;
}

std::optional<std::string> shared_secret(const Identity& own, std::string_view peer) {
    std::array<unsigned char, crypto_scalarmult_curve25519_BYTES> scalar{}, point{};
    if (peer.size() != crypto_sign_PUBLICKEYBYTES ||
        own.private_key.size() != crypto_sign_SECRETKEYBYTES)
        return std::nullopt;
    std::string secret(crypto_scalarmult_BYTES, '\0');
    const bool good =
        crypto_sign_ed25519_pk_to_curve25519(point.data(), bytes_of(peer)) == 0 &&
        crypto_sign_ed25519_sk_to_curve25519(scalar.data(), bytes_of(own.private_key)) == 0 &&
        crypto_scalarmult(bytes_of(secret), scalar.data(), point.data()) == 0;
    sodium_memzero(scalar.data(), scalar.size());
    return good ? std::optional(secret) : std::nullopt;
}

std::string seal(std::string_view secret, std::string_view plain) {
    std::string blocks(plain);
    blocks.resize((plain.size() + kBlock - 1) / kBlock * kBlock, '\0');
    const std::string cipher = run_cipher(secret, blocks, true);
    return mac_of(secret, cipher) + cipher;
}

std::optional<std::string> open_sealed(std::string_view secret, std::string_view sealed) {
    const bool whole = sealed.size() >= kMacBytes + kBlock && sealed.size() <= kMostPayload &&
                       (sealed.size() - kMacBytes) % kBlock == 0;
    if (!whole) return std::nullopt;
    const std::string_view cipher = sealed.substr(kMacBytes);
    if (mac_of(secret, cipher) != sealed.substr(0, kMacBytes)) return std::nullopt;
    return run_cipher(secret, cipher, false);
}

std::uint8_t channel_hash(std::string_view secret) { return sha256(secret)[0]; }

std::string channel_secret(std::string_view name) {
    const auto hash = sha256(name);
    return {reinterpret_cast<const char*>(hash.data()), kCipherKey};
}

std::string public_channel_secret() { return from_hex(kPublicSecret).value(); }

std::uint32_t ack_of(std::string_view plain, std::string_view sender_key) {
    const auto hash = sha256(std::string(plain).append(sender_key));
    FieldReader in({reinterpret_cast<const char*>(hash.data()), hash.size()});
    return in.u32();
}

void sign_advert(Advert& advert, const Identity& own) {
    advert.key = own.key;
    advert.signature.resize(crypto_sign_BYTES);
    const std::string part = advert.signed_part();
    crypto_sign_detached(bytes_of(advert.signature), nullptr, bytes_of(part), part.size(),
                         bytes_of(own.private_key));
}

bool is_genuine(const Advert& advert) {
    const std::string part = advert.signed_part();
    return advert.signature.size() == crypto_sign_BYTES && advert.key.size() == kKeyBytes &&
           crypto_sign_verify_detached(bytes_of(advert.signature), bytes_of(part), part.size(),
                                       bytes_of(advert.key)) == 0;
}

}  // namespace waypost::meshcore
