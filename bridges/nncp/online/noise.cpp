// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/noise.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace waypost::nncp {
namespace {

constexpr std::string_view kProtocol = "Noise_IK_25519_ChaChaPoly_BLAKE2b";
constexpr std::size_t kBlake2Block = 128;
using Digest = std::array<std::uint8_t, 64>;

const std::uint8_t* data_of(std::string_view bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

template <class Array>
std::string_view view_of(const Array& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Error not_theirs() { return {Code::BadInput, "a message of the session does not open", false}; }

// HMAC-BLAKE2b (RFC 2104) with a key of one digest.
Digest hmac(const Digest& key, std::initializer_list<std::string_view> parts) {
    std::array<std::uint8_t, kBlake2Block> inner, outer;
    inner.fill(0x36);
    outer.fill(0x5c);
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] ^= key[i];
        outer[i] ^= key[i];
    }
    Digest digest;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, digest.size());
    crypto_generichash_update(&state, inner.data(), inner.size());
    for (const auto part : parts) crypto_generichash_update(&state, data_of(part), part.size());
    crypto_generichash_final(&state, digest.data(), digest.size());
    crypto_generichash_init(&state, nullptr, 0, digest.size());
    crypto_generichash_update(&state, outer.data(), outer.size());
    crypto_generichash_update(&state, digest.data(), digest.size());
    crypto_generichash_final(&state, digest.data(), digest.size());
    sodium_memzero(inner.data(), inner.size());
    sodium_memzero(outer.data(), outer.size());
    return digest;
}

struct Pair {
    Digest first, second;
};

// Noise 4.3, HKDF with two outputs.
Pair hkdf(const Digest& chain, std::string_view material) {
    const Digest temporary = hmac(chain, {material});
    Pair out;
    out.first = hmac(temporary, {std::string_view("\x01", 1)});
    out.second = hmac(temporary, {view_of(out.first), std::string_view("\x02", 1)});
    return out;
}

}  // namespace

NoiseCipher::NoiseCipher(Way way, std::span<const std::uint8_t> key)
    : context_(EVP_CIPHER_CTX_new()) {
    const auto* cipher = EVP_chacha20_poly1305();
    EVP_CipherInit_ex(context_.get(), cipher, nullptr, key.data(), nullptr, way == Way::Seal);
}

Result<void> NoiseCipher::begin(std::span<const std::uint8_t> bound) {
    if (count_ == UINT64_MAX) return Error{Code::Internal, "a session grew too long", true};
    std::array<std::uint8_t, 12> nonce{};
    for (std::size_t i = 0; i < 8; ++i) nonce[4 + i] = static_cast<std::uint8_t>(count_ >> (8 * i));
    ++count_;
    int length = 0;
    if (EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data(), -1) != 1 ||
        (!bound.empty() && EVP_CipherUpdate(context_.get(), nullptr, &length, bound.data(),
                                            static_cast<int>(bound.size())) != 1)) {
        return Error{Code::Internal, "ChaCha20-Poly1305 failed", false};
    }
    return {};
}

Result<void> NoiseCipher::seal(std::span<std::uint8_t> buffer,
                               std::span<const std::uint8_t> bound) {
    if (const auto begun = begin(bound); !begun.ok()) return begun.error();
    const auto body = buffer.first(buffer.size() - kNoiseTag);
    int length = 0;
    if (EVP_CipherUpdate(context_.get(), body.data(), &length, body.data(),
                         static_cast<int>(body.size())) != 1 ||
        EVP_CipherFinal_ex(context_.get(), body.data() + length, &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kNoiseTag,
                            body.data() + body.size()) != 1) {
        return Error{Code::Internal, "ChaCha20-Poly1305 failed", false};
    }
    return {};
}

Result<std::span<std::uint8_t>> NoiseCipher::open(std::span<std::uint8_t> buffer,
                                                  std::span<const std::uint8_t> bound) {
    if (buffer.size() < kNoiseTag) return not_theirs();
    if (const auto begun = begin(bound); !begun.ok()) return begun.error();
    const auto body = buffer.first(buffer.size() - kNoiseTag);
    int length = 0;
    if (EVP_CipherUpdate(context_.get(), body.data(), &length, body.data(),
                         static_cast<int>(body.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kNoiseTag,
                            body.data() + body.size()) != 1 ||
        EVP_CipherFinal_ex(context_.get(), body.data() + length, &length) != 1) {
        return not_theirs();
    }
    return body;
}

NoiseHandshake::NoiseHandshake(NoiseKeys own, std::optional<Hash32> remote,
                               std::span<const std::uint8_t> prologue)
    : own_(own), caller_(remote.has_value()), remote_(remote.value_or(Hash32{})) {
    if (sodium_init() < 0) throw std::logic_error("libsodium does not start");
    std::copy(kProtocol.begin(), kProtocol.end(), hash_.begin());
    chain_ = hash_;
    mix_hash({reinterpret_cast<const char*>(prologue.data()), prologue.size()});
    mix_hash(view_of(caller_ ? remote_ : own_.open));  // the callee's key is known beforehand
}

NoiseHandshake::~NoiseHandshake() {
    sodium_memzero(chain_.data(), chain_.size());
    sodium_memzero(key_.data(), key_.size());
    if (ephemeral_secret_) sodium_memzero(ephemeral_secret_->data(), ephemeral_secret_->size());
}

const std::uint8_t* NoiseHandshake::own_secret() const { return data_of(own_.secret->reveal()); }

void NoiseHandshake::mix_hash(std::string_view bytes) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, hash_.size());
    crypto_generichash_update(&state, hash_.data(), hash_.size());
    crypto_generichash_update(&state, data_of(bytes), bytes.size());
    crypto_generichash_final(&state, hash_.data(), hash_.size());
}

Result<void> NoiseHandshake::mix_key(const std::uint8_t* secret, const Hash32& open) {
    Hash32 shared;
    if (crypto_scalarmult(shared.data(), secret, open.data()) != 0)
        return bad_input("a key of the session is worth nothing");
    const Pair mixed = hkdf(chain_, view_of(shared));
    sodium_memzero(shared.data(), shared.size());
    chain_ = mixed.first;
    std::copy_n(mixed.second.begin(), key_.size(), key_.begin());
    return {};
}

// Each key of this handshake seals one or two messages, and what is sealed second always follows a
// mix_key(): a new cipher, counting from 0, is right each time.
Result<std::string> NoiseHandshake::seal(std::string_view bytes) {
    std::string sealed(bytes);
    sealed.resize(bytes.size() + kNoiseTag);
    NoiseCipher cipher(NoiseCipher::Way::Seal, key_);
    const auto done =
        cipher.seal({reinterpret_cast<std::uint8_t*>(sealed.data()), sealed.size()}, hash_);
    if (!done.ok()) return done.error();
    mix_hash(sealed);
    return sealed;
}

Result<std::string> NoiseHandshake::open(std::string_view bytes) {
    std::string opened(bytes);
    NoiseCipher cipher(NoiseCipher::Way::Open, key_);
    const auto done =
        cipher.open({reinterpret_cast<std::uint8_t*>(opened.data()), opened.size()}, hash_);
    if (!done.ok()) return done.error();
    opened.resize(done->size());
    mix_hash(bytes);
    return opened;
}

void NoiseHandshake::new_ephemeral() {
    if (!ephemeral_secret_) {
        ephemeral_secret_.emplace();
        randombytes_buf(ephemeral_secret_->data(), ephemeral_secret_->size());
    }
    crypto_scalarmult_base(ephemeral_.data(), ephemeral_secret_->data());
    mix_hash(view_of(ephemeral_));
}

Result<std::string> NoiseHandshake::write(std::string_view payload) {
    new_ephemeral();
    return caller_ ? write_first(payload) : write_second(payload);
}

Result<std::string> NoiseHandshake::read(std::string_view message) {
    if (message.size() < (caller_ ? kNoiseSecond : kNoiseFirst)) return not_theirs();
    std::copy_n(message.begin(), remote_ephemeral_.size(), remote_ephemeral_.begin());
    mix_hash(message.substr(0, remote_ephemeral_.size()));
    message.remove_prefix(remote_ephemeral_.size());
    return caller_ ? read_second(message) : read_first(message);
}

// e, es, s, ss
Result<std::string> NoiseHandshake::write_first(std::string_view payload) {
    if (const auto es = mix_key(ephemeral_secret_->data(), remote_); !es.ok()) return es.error();
    auto key = seal(view_of(own_.open));
    if (!key.ok()) return key.error();
    if (const auto ss = mix_key(own_secret(), remote_); !ss.ok()) return ss.error();
    auto sealed = seal(payload);
    if (!sealed.ok()) return sealed.error();
    return std::string(view_of(ephemeral_)) + *key + *sealed;
}

Result<std::string> NoiseHandshake::read_first(std::string_view message) {
    if (const auto es = mix_key(own_secret(), remote_ephemeral_); !es.ok()) return es.error();
    const auto key = open(message.substr(0, 32 + kNoiseTag));
    if (!key.ok()) return key.error();
    std::copy(key->begin(), key->end(), remote_.begin());
    if (const auto ss = mix_key(own_secret(), remote_); !ss.ok()) return ss.error();
    return open(message.substr(32 + kNoiseTag));
}

// e, ee, se
Result<std::string> NoiseHandshake::write_second(std::string_view payload) {
    const std::uint8_t* secret = ephemeral_secret_->data();
    if (const auto ee = mix_key(secret, remote_ephemeral_); !ee.ok()) return ee.error();
    if (const auto se = mix_key(secret, remote_); !se.ok()) return se.error();
    auto sealed = seal(payload);
    if (!sealed.ok()) return sealed.error();
    return std::string(view_of(ephemeral_)) + *sealed;
}

Result<std::string> NoiseHandshake::read_second(std::string_view message) {
    const auto ee = mix_key(ephemeral_secret_->data(), remote_ephemeral_);
    if (!ee.ok()) return ee.error();
    if (const auto se = mix_key(own_secret(), remote_ephemeral_); !se.ok()) return se.error();
    return open(message);
}

NoiseHandshake::Ciphers NoiseHandshake::split() {
    const Pair keys = hkdf(chain_, {});
    const std::span<const std::uint8_t> first(keys.first.data(), 32);
    const std::span<const std::uint8_t> second(keys.second.data(), 32);
    return {NoiseCipher(NoiseCipher::Way::Seal, caller_ ? first : second),
            NoiseCipher(NoiseCipher::Way::Open, caller_ ? second : first)};
}

}  // namespace waypost::nncp
