// SPDX-License-Identifier: Apache-2.0
// Starts Debian's PostgreSQL in a folder of its own, on a Unix socket only, and stops it by pid.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "engine.h"
#include "gateway/store/postgresql.h"

namespace waypost::store {
namespace {

void must(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string binaries() {
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
        if (std::filesystem::exists(entry.path() / "bin/initdb")) return entry.path() / "bin";
    }
    throw std::runtime_error("no PostgreSQL server: install the package postgresql");
}

class Server {
  public:
    Server() : bin_(binaries()), data_(folder_ / "data") {
        const bool root = ::geteuid() == 0;  // initdb refuses to run as root
        as_ = root ? "runuser -u postgres -- " : "";
        if (root) must("chown postgres " + (folder_ / ""));
        must(as_ + bin_ + "/initdb -A trust -U waypost -D " + data_ + " > /dev/null");
        must(as_ + bin_ + "/pg_ctl -s -w -D " + data_ + " -l " + (folder_ / "log") +
             " -o \"-c listen_addresses='' -c unix_socket_directories='" + (folder_ / "") +
             "'\" start");
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() {
        [[maybe_unused]] const int stopped =
            std::system((as_ + bin_ + "/pg_ctl -s -m immediate -D " + data_ + " stop").c_str());
    }
    void make(const std::string& name) {
        must(bin_ + "/createdb -h " + (folder_ / "") + " -U waypost " + name);
    }
    std::string connection(const std::string& name) const {
        return "host=" + (folder_ / "") + " dbname=" + name + " user=waypost";
    }

  private:
    TempFolder folder_;
    std::string bin_;
    std::string data_;
    std::string as_;
};

}  // namespace

std::unique_ptr<Database> fresh_database() {
    static Server server;
    static int count = 0;
    const std::string name = "store" + std::to_string(++count);
    server.make(name);
    return open_postgresql(server.connection(name));
}

}  // namespace waypost::store
