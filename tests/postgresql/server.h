// SPDX-License-Identifier: Apache-2.0
// Debian's PostgreSQL in a folder of its own, on a Unix socket only, ended by its process id. A
// primary, and replicas of it by streaming replication.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace waypost::postgresql {

// Throws std::runtime_error with what failed; a test ends by that.
class Server {
  public:
    // A new one in a new folder.
    Server();
    // A replica of `primary`, which from its first answer on waits for it at each commit.
    static std::unique_ptr<Server> replica_of(Server& primary);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void make(const std::string& database);
    // By libpq's words.
    std::string connection(const std::string& database) const;
    std::string folder() const { return folder_; }  // its socket is there
    // SIGKILL to all of its processes: the machine is gone.
    void kill();
    void start();
    void promote();
    // One statement, as its owner; what it gives, without headings.
    std::string ask(const std::string& database, const std::string& sql);

  private:
    explicit Server(const Server& primary, int);
    std::string control(const std::string& what) const;

    std::string folder_;
    bool running_ = false;
};

}  // namespace waypost::postgresql
