// SPDX-License-Identifier: Apache-2.0
// One thread that serves many connections of a listener. It waits for none of them, nor for a
// commit: a mail's verdicts come back to it as a task. Only a mail too large to keep in memory is
// synced and taken apart right here.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>

#include "bridges/email/smtp/smtp_connection.h"

namespace waypost::email {

class SmtpLoop {
  public:
    // `on_end` is called on the loop's thread when a connection has gone.
    SmtpLoop(const Reception& reception, std::function<void()> on_end);
    ~SmtpLoop();
    SmtpLoop(const SmtpLoop&) = delete;
    SmtpLoop& operator=(const SmtpLoop&) = delete;

    void start();
    void take(Poco::Net::StreamSocket peer);  // any thread
    int connections() const { return count_; }
    // Cuts the connections; those whose mail is with the office hear its verdict first, if it comes
    // within a few seconds.
    void stop();

  private:
    using Steady = std::chrono::steady_clock;
    class Tasks;
    struct Served {
        std::unique_ptr<SmtpConnection> connection;
        std::uint32_t watched = 0;
        Steady::time_point heard;
    };

    void run();
    int patience() const;
    void add(const Poco::Net::StreamSocket& peer);
    void ready(std::uint64_t id, std::uint32_t events);
    void answer(std::uint64_t id, const std::vector<Verdict>& verdicts);
    void drive(std::uint64_t id, const std::function<bool(SmtpConnection&)>& work);
    void watch(std::uint64_t id, Served& served, std::uint32_t events);
    void end(std::uint64_t id);
    void end_quiet();
    void begin_stop();

    const Reception& reception_;
    std::function<void()> on_end_;
    std::shared_ptr<Tasks> tasks_;  // shared with callbacks that may come when the loop is gone
    int epoll_;
    std::unordered_map<std::uint64_t, Served> served_;
    std::uint64_t last_id_ = 0;
    std::atomic<int> count_{0};
    Steady::time_point now_;
    Steady::time_point look_at_;  // again for who is quiet
    bool stopping_ = false;       // on the loop's thread
    Steady::time_point stop_by_;
    std::thread thread_;
};

}  // namespace waypost::email
