// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "web/api/api.h"

namespace waypost::api {

// HTTP on a Unix socket of mode 0660: who may open it is the operator's question to the file
// system. Bodies of at most 256 KiB. Threads: a few of Poco's server.
class Server {
  public:
    // Throws std::runtime_error if another program answers on the socket, or it cannot be made.
    Server(Desk& desk, const std::string& socket_path);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

  private:
    struct Running;
    std::unique_ptr<Running> running_;
};

}  // namespace waypost::api
