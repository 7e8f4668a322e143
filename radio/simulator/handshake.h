// SPDX-License-Identifier: Apache-2.0
// What a device answers to want_config_id, message by message in the order of firmware 2.8.0.
#pragma once

#include <string>
#include <vector>

#include "meshtastic.pb.h"

namespace waypost::simulator {

inline constexpr std::uint32_t kOnlyConfig = 69420;  // all but the other nodes
inline constexpr std::uint32_t kOnlyNodes = 69421;   // node informations and nothing else

struct HandshakeFacts {
    meshtastic::pb::NodeInfo own;
    std::vector<meshtastic::pb::NodeInfo> others;
    std::string firmware;
    int region = 0;
    int preset = 0;
    std::uint32_t hop_limit = 3;
    std::uint32_t reboots = 0;
};

// Serialized FromRadio messages; the last one is config_complete_id.
std::vector<std::string> handshake(const HandshakeFacts& facts, std::uint32_t nonce);

}  // namespace waypost::simulator
