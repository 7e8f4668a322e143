// SPDX-License-Identifier: Apache-2.0
// Noise_IK_25519_ChaChaPoly_BLAKE2b (Noise specification 34; doc/nncp.md, "Noise"). Pure but for
// the random bytes of the ephemeral key. One thread per object.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "bridges/nncp/packet/ids.h"
#include "gateway/base/secret.h"

namespace waypost::nncp {

inline constexpr std::size_t kNoiseTag = 16;
inline constexpr std::size_t kNoiseMost = 65535;                     // bytes of one message
inline constexpr std::size_t kNoiseFirst = 32 + 32 + 2 * kNoiseTag;  // what message 1 adds
inline constexpr std::size_t kNoiseSecond = 32 + kNoiseTag;          // what message 2 adds

// One direction. The nonce counts messages; both ends count the same or nothing opens.
class NoiseCipher {
  public:
    enum class Way { Seal, Open };
    NoiseCipher(Way way, std::span<const std::uint8_t> key);
    // In place: the last 16 bytes of `buffer` are room for the tag.
    Result<void> seal(std::span<std::uint8_t> buffer, std::span<const std::uint8_t> bound = {});
    // In place; what is inside stands in all but the last 16 bytes. An Error ends the session.
    Result<std::span<std::uint8_t>> open(std::span<std::uint8_t> buffer,
                                         std::span<const std::uint8_t> bound = {});

  private:
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };
    Result<void> begin(std::span<const std::uint8_t> bound);
    std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
    std::uint64_t count_ = 0;
};

struct NoiseKeys {
    const Secret* secret = nullptr;  // 32 bytes; outlives the handshake
    Hash32 open{};
};

// Two messages: the caller's first, the callee's second. A failed one is the end.
class NoiseHandshake {
  public:
    // The caller knows whom he calls; the callee passes nothing.
    NoiseHandshake(NoiseKeys own, std::optional<Hash32> remote,
                   std::span<const std::uint8_t> prologue = {});
    ~NoiseHandshake();
    NoiseHandshake(const NoiseHandshake&) = delete;
    NoiseHandshake& operator=(const NoiseHandshake&) = delete;

    // For vectors only: the ephemeral secret, which is random otherwise.
    void use_ephemeral(const Hash32& secret) { ephemeral_secret_ = secret; }

    Result<std::string> write(std::string_view payload);
    Result<std::string> read(std::string_view message);  // what is inside
    const Hash32& remote() const { return remote_; }     // of the callee: after read()

    struct Ciphers {
        NoiseCipher send, receive;
    };
    Ciphers split();  // after both messages

  private:
    using Digest = std::array<std::uint8_t, 64>;
    void mix_hash(std::string_view bytes);
    Result<void> mix_key(const std::uint8_t* secret, const Hash32& open);
    Result<std::string> seal(std::string_view bytes);
    Result<std::string> open(std::string_view bytes);
    void new_ephemeral();
    Result<std::string> write_first(std::string_view payload);
    Result<std::string> write_second(std::string_view payload);
    Result<std::string> read_first(std::string_view message);
    Result<std::string> read_second(std::string_view message);
    const std::uint8_t* own_secret() const;

    const NoiseKeys own_;
    const bool caller_;
    Hash32 remote_{};
    Hash32 remote_ephemeral_{};
    Hash32 ephemeral_{};
    std::optional<Hash32> ephemeral_secret_;
    Digest chain_{}, hash_{};
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace waypost::nncp
