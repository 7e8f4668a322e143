// SPDX-License-Identifier: Apache-2.0
// Answers whoever calls by TCP: a thread per session, so many at most.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <list>
#include <mutex>
#include <thread>

#include "bridges/nncp/online/online.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

struct ServerOptions {
    std::string bind = ":5400";   // HOST:PORT; no host: every address of this machine
    std::size_t most = 64;        // sessions
    std::size_t most_of_one = 8;  // from one address, so that nobody takes all
    OnlineOptions session;
};

class Server {
  public:
    using Ended = std::function<void(const OnlineReport&)>;
    // `home`'s stop is not its business; ~Server() ends its sessions, and waits for them.
    static Result<std::unique_ptr<Server>> start(const OnlineHome& home, ServerOptions options,
                                                 OnlineWatch watch, Ended ended = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    int port() const { return port_; }

  private:
    struct Visit {
        std::unique_ptr<Line> line;
        std::string from;
        std::atomic<bool> over{false};
        std::thread thread;
    };
    Server(Poco::Net::ServerSocket socket, const OnlineHome& home, ServerOptions options,
           OnlineWatch watch, Ended ended);
    void run();
    void accept();
    bool has_room_for(const std::string& from) const;
    void serve(Visit& visit);
    void reap();
    void wake() const noexcept;

    Poco::Net::ServerSocket socket_;
    std::atomic<bool> stop_{false};
    const OnlineHome home_;  // with stop_
    const ServerOptions options_;
    const OnlineWatch watch_;
    const Ended ended_;
    const int port_;
    const Fd wake_;
    std::list<Visit> visits_;  // of thread_ while it runs
    std::thread thread_;
};

}  // namespace waypost::nncp
