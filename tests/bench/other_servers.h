// SPDX-License-Identifier: Apache-2.0
// Thousands of other servers of the fediverse in one: http://HOST:PORT each, with the actors
// HOST:PORT/ap/NAME of whatever name and WebFinger for them. What is posted to them is noted and
// answered with 202, unread: they cost next to nothing. All actors share some keys.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bridges/activitypub/signature/signature.h"
#include "bridges/activitypub/vocab/documents.h"
#include "gateway/base/fd.h"

namespace waypost::bench {

class OtherServers {
  public:
    // One at port 80, and `count` from kFirstPort on: above those that fetch of browsers, and so of
    // Node.js, does not go to.
    static constexpr int kFirstPort = 20'000;
    OtherServers(std::string host, const std::string& address, int count);
    ~OtherServers();
    OtherServers(const OtherServers&) = delete;
    OtherServers& operator=(const OtherServers&) = delete;

    activitypub::OwnActor actor(int port, const std::string& name) const;
    const activitypub::SigningKey& key_of(const std::string& name) const;

    struct Arrival {
        std::chrono::steady_clock::time_point at;
        int port = 0;
        std::string body;  // of personal inboxes; of shared ones it is not kept
    };
    // What came to shared inboxes, or to personal ones, since this was called last.
    std::vector<Arrival> shared();
    std::vector<Arrival> personal();
    std::size_t shared_waiting() const;
    std::size_t personal_waiting() const;

  private:
    struct Connection {
        Fd socket;
        int port = 0;
        std::string came;
    };
    void listen_at(const std::string& address, int port);
    void serve();
    void accept_from(int listener, int port);
    bool read_from(Connection& connection);
    // One whole request at the beginning of what came: its answer. Empty: there is more to come.
    std::string take(Connection& connection);
    std::string answer(int port, const std::string& line, std::string body);
    void watch(int fd);

    const std::string host_;
    std::vector<activitypub::SigningKey> keys_;
    std::vector<std::string> public_keys_;
    Fd epoll_, end_;
    std::unordered_map<int, std::pair<Fd, int>> listeners_;  // with their ports
    std::unordered_map<int, Connection> connections_;
    mutable std::mutex mutex_;
    std::vector<Arrival> shared_, personal_;
    std::thread thread_;
};

}  // namespace waypost::bench
