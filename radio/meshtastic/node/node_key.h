// SPDX-License-Identifier: Apache-2.0
// The key of a node, and what is sealed from one node to another: X25519, SHA-256 of the shared
// point, AES-256-CCM with a tag of 8 bytes (Meshtastic's PKC). Pure but for key making.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/lru_map.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost::meshtastic {

inline constexpr std::size_t kNodeKeyBytes = 32;
inline constexpr std::size_t kSealBytes = 12;  // by which a sealed packet is longer

// CRC-32 of the public key, as firmware from 2.8 on numbers its node.
std::uint32_t number_of(std::string_view public_key);

// Not thread-safe: it remembers what it shares with the last nodes.
class NodeKey {
  public:
    static NodeKey make();  // one whose number is a node's
    static Result<NodeKey> of(Secret private_key);

    const std::string& public_key() const { return public_key_; }
    std::string_view private_key() const { return private_key_.reveal(); }
    std::uint32_t number() const { return number_; }

    // `extra`: random, for each packet anew. Empty: that is no key.
    std::string seal(std::string_view to_key, std::uint32_t from, std::uint32_t id,
                     std::uint32_t extra, std::string_view bytes);
    std::optional<std::string> open(std::string_view from_key, std::uint32_t from, std::uint32_t id,
                                    std::string_view sealed);

  private:
    NodeKey(Secret private_key, std::string public_key);
    std::string shared(std::string_view other);  // empty: no key

    Secret private_key_;
    std::string public_key_;
    std::uint32_t number_ = 0;
    std::unique_ptr<LruMap<std::string>> shared_;
};

}  // namespace waypost::meshtastic
