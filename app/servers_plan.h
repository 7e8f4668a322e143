// SPDX-License-Identifier: Apache-2.0
// What [mailserver.NAME] and [chatserver.NAME] want of a box that is an image, for its units, which
// are root's: lines of few words. doc/first-boot.md has the format.
#pragma once

#include <map>
#include <string>

#include "gateway/base/result.h"
#include "gateway/config/config.h"
#include "gateway/servers/own_servers.h"

namespace waypost {

// "mail", "chat": "yes" or "no"; of those that are wanted "mail.imap_port" and the like. An error
// is a sentence for the operator: what the configuration lacks.
Result<std::map<std::string, std::string>> servers_plan(const Config& config);
// Hands it over; what cannot be is in the journal, and they stay as they are. Null: no image.
void plan_servers(const Config& config, const OwnServers* servers);

}  // namespace waypost
