// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/block_cipher.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <stdexcept>

#include "bridges/nncp/packet/blake3_hash.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kNonceBytes = 12;

// Contexts of the derived keys begin with the magic of a packet, zero bytes and all.
constexpr std::string_view kFull{"NNCPE\0\0\6 FULL", 13};
constexpr std::string_view kSize{"NNCPE\0\0\6 SIZE", 13};
constexpr std::string_view kPad{"NNCPE\0\0\6 PAD", 12};

void must(int done) {
    if (done != 1) throw std::runtime_error("OpenSSL refused ChaCha20-Poly1305");
}

// Fetched once: looking it up costs more than sealing a small packet.
const EVP_CIPHER* cipher() {
    static const EVP_CIPHER* const kCipher =
        EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
    if (kCipher == nullptr) throw std::runtime_error("OpenSSL has no ChaCha20-Poly1305");
    return kCipher;
}

}  // namespace

PacketKeys::~PacketKeys() { sodium_memzero(this, sizeof *this); }

std::optional<PacketKeys> packet_keys(std::string_view secret, const Hash32& public_key) {
    Hash32 shared;
    const auto* own = reinterpret_cast<const std::uint8_t*>(secret.data());
    if (secret.size() != crypto_scalarmult_SCALARBYTES ||
        crypto_scalarmult(shared.data(), own, public_key.data()) != 0) {
        return std::nullopt;
    }
    PacketKeys keys;
    keys.full = Blake3::derive(kFull).update(shared).finish();
    keys.size = Blake3::derive(kSize).update(shared).finish();
    keys.pad = Blake3::derive(kPad).update(shared).finish();
    sodium_memzero(shared.data(), shared.size());
    return keys;
}

BlockCipher::BlockCipher(std::string_view signed_bytes)
    : associated_(Blake3::plain().update(signed_bytes).finish()), context_(EVP_CIPHER_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
}

BlockCipher::~BlockCipher() {
    EVP_CIPHER_CTX_free(context_);
    sodium_memzero(key_.data(), key_.size());
}

void BlockCipher::begin(bool sealing, const Hash32& key, std::uint64_t number) {
    std::array<std::uint8_t, kNonceBytes> nonce{};
    for (std::size_t i = 0; i < 8; ++i) {
        nonce[kNonceBytes - 1 - i] = static_cast<std::uint8_t>(number >> 8 * i);
    }
    const bool same = direction_ == static_cast<int>(sealing) && key_ == key;
    must(EVP_CipherInit_ex(context_, direction_ < 0 ? cipher() : nullptr, nullptr,
                           same ? nullptr : key.data(), nonce.data(), sealing ? 1 : 0));
    direction_ = sealing ? 1 : 0;
    key_ = key;
    int unused = 0;
    must(EVP_CipherUpdate(context_, nullptr, &unused, associated_.data(),
                          static_cast<int>(associated_.size())));
}

void BlockCipher::seal(const Hash32& key, std::uint64_t number, std::span<const std::uint8_t> plain,
                       std::uint8_t* out) {
    begin(true, key, number);
    const int size = static_cast<int>(plain.size());
    int unused = 0;
    if (size > 0) must(EVP_CipherUpdate(context_, out, &unused, plain.data(), size));
    must(EVP_CipherFinal_ex(context_, out + plain.size(), &unused));
    must(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out + plain.size()));
}

bool BlockCipher::open(const Hash32& key, std::uint64_t number,
                       std::span<const std::uint8_t> sealed, std::uint8_t* out) {
    if (sealed.size() < kTagBytes) return false;
    const auto text = sealed.first(sealed.size() - kTagBytes);
    std::array<std::uint8_t, kTagBytes> tag;
    std::copy(sealed.end() - kTagBytes, sealed.end(), tag.begin());
    begin(false, key, number);
    must(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()));
    int unused = 0;
    const int size = static_cast<int>(text.size());
    if (size > 0 && EVP_CipherUpdate(context_, out, &unused, text.data(), size) != 1) return false;
    return EVP_CipherFinal_ex(context_, out + text.size(), &unused) == 1;
}

}  // namespace waypost::nncp
