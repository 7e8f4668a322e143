// SPDX-License-Identifier: Apache-2.0
// Where a server is, as settings say it: "127.0.0.1:5347", "[::1]:5347".
#pragma once

#include <string>
#include <string_view>

namespace waypost::xmpp {

struct HostPort {
    std::string host;
    int port = 0;
};

// `usual`: the port where none is named; 0: one is to be named. Throws std::runtime_error with a
// sentence for the operator that begins with the setting's `key`.
HostPort read_host_port(std::string_view key, const std::string& text, int usual = 0);

bool is_this_machine(const std::string& host);  // as said: nothing is looked up

}  // namespace waypost::xmpp
