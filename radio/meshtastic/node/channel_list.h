// SPDX-License-Identifier: Apache-2.0
// The file with the channels that the box's own node is in. It holds keys: mode 0600. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "radio/meshtastic/node/channel_key.h"

namespace waypost::meshtastic {

// A line each: NAME KEY [PRECISION], KEY in base64 as apps show it ("AQ==": the key that everybody
// knows, "-": none). Empty lines and what follows a # at the beginning are passed over.
Result<std::vector<ChannelKey>> read_channel_list(std::string_view text);

}  // namespace waypost::meshtastic
