// SPDX-License-Identifier: Apache-2.0
// What has to be changed in the settings so that villagers' mail and chat programs find a server on
// a box that is an image, or none any more. Pure, but for the secret that is made.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/random.h"
#include "gateway/config/settings_desk.h"

namespace waypost {

struct ServersWanted {
    bool mail = false, chat = false;
    bool operator==(const ServersWanted&) const = default;
};

// As the settings have it now.
ServersWanted servers_wanted(const SettingsView& settings);

// Chat programs sign in with the passwords of the mail server, so with `chat` there is mail.
// Conflict: a section that would have to go stands in a file that the console may not change.
Result<std::vector<SettingChange>> switch_servers(const SettingsView& settings,
                                                  ServersWanted wanted, Random& random);

}  // namespace waypost
