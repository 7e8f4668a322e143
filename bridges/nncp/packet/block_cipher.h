// SPDX-License-Identifier: Apache-2.0
// The sealed blocks of a packet (specification 3.2) and the keys for them. Bulk by OpenSSL, which
// is many times faster at it than libsodium. Of this room and of its tests.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "bridges/nncp/packet/ids.h"

struct evp_cipher_ctx_st;

namespace waypost::nncp {

inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSizeBytes = 16;     // of the SIZE record
inline constexpr std::size_t kSignedBytes = 108;  // of the header

// Wiped when it goes.
struct PacketKeys {
    Hash32 full{}, size{}, pad{};
    PacketKeys() = default;
    PacketKeys(const PacketKeys&) = default;
    PacketKeys& operator=(const PacketKeys&) = default;
    ~PacketKeys();
};

// nullopt where X25519 of the two is zero: a public key made to be worthless.
std::optional<PacketKeys> packet_keys(std::string_view secret, const Hash32& public_key);

// Seals or opens the blocks of one packet, numbered from 0.
class BlockCipher {
  public:
    // `signed_bytes`: the first 108 of the header, to which each block is bound.
    explicit BlockCipher(std::string_view signed_bytes);
    ~BlockCipher();
    BlockCipher(const BlockCipher&) = delete;
    BlockCipher& operator=(const BlockCipher&) = delete;

    // `out` has room for 16 bytes more than `plain`, and may be where that begins.
    void seal(const Hash32& key, std::uint64_t number, std::span<const std::uint8_t> plain,
              std::uint8_t* out);
    // `out` is another place, with room for 16 bytes less. False: it is not what was sealed.
    bool open(const Hash32& key, std::uint64_t number, std::span<const std::uint8_t> sealed,
              std::uint8_t* out);

  private:
    void begin(bool sealing, const Hash32& key, std::uint64_t number);
    Hash32 associated_;
    evp_cipher_ctx_st* context_;
    Hash32 key_{};        // that the context has
    int direction_ = -1;  // that it has it for
};

}  // namespace waypost::nncp
