// SPDX-License-Identifier: Apache-2.0
// A channel of a Meshtastic mesh: its name, and the key under which all who hold it read along.
// AES-CTR without authentication: whoever opens a packet looks whether what comes out is one. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::meshtastic {

struct ChannelKey {
    std::string name;  // "LongFast"; as it stands in topics
    std::string key;   // 16 or 32 bytes; empty: in clear
    std::uint32_t hash = 0;
    int precision = 0;  // bits of a position that it may carry, 1 to 32; 0: none
};

// `psk` as apps show it, decoded: no byte or one that is 0 is no encryption, one other byte counts
// on from the key that everybody knows, more is padded to 16 or 32 bytes.
Result<ChannelKey> channel_key(std::string name, std::string_view psk, int precision = 0);

// Both ways alike.
std::string crypt(const ChannelKey& channel, std::uint32_t from, std::uint32_t id,
                  std::string_view bytes);

}  // namespace waypost::meshtastic
