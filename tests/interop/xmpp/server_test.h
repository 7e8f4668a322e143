// SPDX-License-Identifier: Apache-2.0
// What is tested on each of the servers that people run.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/interop/xmpp/xmpp_servers.h"

namespace waypost::interop {

enum class ServerKind { Prosody, Ejabberd };

inline auto each_server() { return testing::Values(ServerKind::Prosody, ServerKind::Ejabberd); }

inline std::string server_name(const testing::TestParamInfo<ServerKind>& each) {
    return each.param == ServerKind::Prosody ? "Prosody" : "Ejabberd";
}

inline std::unique_ptr<XmppServer> make_server(ServerKind kind) {
    if (kind == ServerKind::Prosody) return std::make_unique<Prosody>();
    return std::make_unique<Ejabberd>();
}

// One server of each kind for all tests of a suite: ejabberd takes long to begin.
class ServerTest : public testing::TestWithParam<ServerKind> {
  protected:
    static void TearDownTestSuite() { servers_.clear(); }
    // `users`: whom it has from its beginning.
    static XmppServer& server(const std::vector<std::string>& users = {}) {
        auto& server = servers_[GetParam()];
        if (server) return *server;
        server = make_server(GetParam());
        for (const std::string& each : users) server->add_user(each);
        return *server;
    }

  private:
    static inline std::map<ServerKind, std::unique_ptr<XmppServer>> servers_;
};

}  // namespace waypost::interop
