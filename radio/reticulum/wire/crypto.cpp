// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/wire/crypto.h"

#include <sodium.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace waypost::reticulum {
namespace {

constexpr std::size_t kMac = crypto_auth_hmacsha256_BYTES;
constexpr std::size_t kMostHkdf = 255 * kMac;  // RFC 5869, section 2.3

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void need(std::string_view bytes, std::size_t size, const char* what) {
    if (bytes.size() != size) throw std::logic_error(std::string(what) + " of a wrong length");
}

// libsodium's form of an Ed25519 private key: the 32 bytes and the public key.
struct SigningPair {
    explicit SigningPair(std::string_view private_key) {
        need(private_key, kKey, "an Ed25519 private key");
        crypto_sign_seed_keypair(open.data(), whole.data(), bytes_of(private_key));
    }
    ~SigningPair() { sodium_memzero(whole.data(), whole.size()); }
    SigningPair(const SigningPair&) = delete;
    SigningPair& operator=(const SigningPair&) = delete;

    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> whole{};
};

}  // namespace

std::string random_bytes(Random& random, std::size_t count) {
    std::string out;
    out.reserve(count);
    std::uint64_t pool = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % sizeof pool == 0) pool = random.next();
        out += static_cast<char>(pool & 255);
        pool >>= 8;
    }
    return out;
}

std::string sha256(std::string_view bytes) {
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes_of(hash), bytes_of(bytes), bytes.size());
    return hash;
}

std::string short_hash16(std::string_view bytes) { return sha256(bytes).substr(0, kHash); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    crypto_auth_hmacsha256_state state;
    std::string mac(kMac, '\0');
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
    crypto_auth_hmacsha256_final(&state, bytes_of(mac));
    sodium_memzero(&state, sizeof state);
    return mac;
}

Secret hkdf(std::string_view secret, std::string_view salt, std::size_t count) {
    if (count > kMostHkdf) throw std::logic_error("HKDF gives no more than 8160 bytes");
    const Secret extracted(hmac_sha256(salt, secret));
    std::string out;
    out.reserve(count + kMac);
    std::string block;
    for (unsigned char index = 1; out.size() < count; ++index) {
        block += static_cast<char>(index);
        block = hmac_sha256(extracted.reveal(), block);
        out += block;
    }
    sodium_memzero(block.data(), block.size());
    sodium_memzero(out.data() + count, out.size() - count);
    out.resize(count);
    return Secret(std::move(out));
}

std::string x25519_public(std::string_view private_key) {
    need(private_key, kKey, "an X25519 private key");
    std::string out(kKey, '\0');
    crypto_scalarmult_base(bytes_of(out), bytes_of(private_key));
    return out;
}

Result<Secret> x25519(std::string_view private_key, std::string_view peer_public) {
    need(private_key, kKey, "an X25519 private key");
    if (peer_public.size() != kKey) return bad_input("an X25519 key is 32 bytes");
    std::string shared(kKey, '\0');
    if (crypto_scalarmult(bytes_of(shared), bytes_of(private_key), bytes_of(peer_public)) != 0)
        return bad_input("no X25519 key: anybody would know what is encrypted to it");
    return Secret(std::move(shared));
}

std::string ed25519_public(std::string_view private_key) {
    const SigningPair pair(private_key);
    return {reinterpret_cast<const char*>(pair.open.data()), pair.open.size()};
}

std::string ed25519_sign(std::string_view private_key, std::string_view message) {
    const SigningPair pair(private_key);
    std::string signature(kSignature, '\0');
    crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(message), message.size(),
                         pair.whole.data());
    return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature) {
    return public_key.size() == kKey && signature.size() == kSignature &&
           crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(),
                                       bytes_of(public_key)) == 0;
}

}  // namespace waypost::reticulum
