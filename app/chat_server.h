// SPDX-License-Identifier: Apache-2.0
// What several sections together say of the box's own chat server.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridges/xmpp/chatserver/chat_server.h"
#include "gateway/config/config.h"

namespace waypost {

struct PlannedChatServer {
    xmpp::ChatServer server;
    std::string secret_file;  // of the component
};

// For an instance of Prosody in `folder`. An error is a sentence for the operator: what the
// configuration lacks.
Result<PlannedChatServer> chat_server_of(const Config& config, const std::string& folder);

// Folder of the sockets that Dovecot is to open for Prosody; empty without a [chatserver.NAME].
std::string chat_sign_in(const Config& config);

// What [chatserver.NAME] says of values that an [xmpp.NAME] has not; nothing where there is none,
// or another server is meant.
struct ChatServerFill {
    std::map<std::string, std::string> text;
    std::map<std::string, std::vector<std::string>> lists;
};
ChatServerFill fill_from_chat_server(const Config& config, const SectionValues& values);

// Throws std::runtime_error if there is a [chatserver.NAME] that cannot be written.
void check_chat_server(const Config& config);

}  // namespace waypost
