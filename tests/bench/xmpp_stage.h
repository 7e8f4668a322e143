// SPDX-License-Identifier: Apache-2.0
// A Prosody for load, where everybody may sign in and nothing is archived.
#pragma once

#include <string>

#include "tests/interop/xmpp/xmpp_servers.h"

namespace waypost::bench {

// Passwords are not looked at: what they cost is not what is measured, and accounts need not be
// made. mod_mam is off, whose files make every message slow once there are thousands.
inline constexpr char kOpenServer[] =
    "authentication = 'insecure'\n"
    "insecure_open_authentication = 'Yes please, I know what I\\'m doing!'\n";

inline std::string letter(const std::string& to, const std::string& id, const std::string& inside) {
    return "<message type='chat' to='" + to + "' id='" + id + "'>" + inside + "</message>";
}

}  // namespace waypost::bench
