// SPDX-License-Identifier: Apache-2.0
#include "engine.h"
#include "gateway/store/postgresql.h"
#include "server.h"

namespace waypost::store {

namespace {

// It does not wait for the disk: nobody pulls its plug.
struct QuickServer : postgresql::Server {
    QuickServer() {
        ask("postgres", "ALTER SYSTEM SET fsync = off");
        ask("postgres", "SELECT pg_reload_conf()");
    }
};

}  // namespace

std::unique_ptr<Database> fresh_database() {
    static QuickServer server;
    static int count = 0;
    const std::string name = "store" + std::to_string(++count);
    server.make(name);
    return open_postgresql(server.connection(name));
}

}  // namespace waypost::store
