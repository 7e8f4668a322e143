// SPDX-License-Identifier: Apache-2.0
// A line that is cut: each connection passes so many bytes, of both ways together, and then none.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "app/demo/loopback.h"

namespace waypost::interop {

class CutLine {
  public:
    explicit CutLine(int to)
        : to_(to), listening_(listen_on_loopback()), thread_([this] { run(); }) {}
    ~CutLine();
    CutLine(const CutLine&) = delete;
    CutLine& operator=(const CutLine&) = delete;

    int port() const { return listening_.port; }
    // For the next connections, one entry each; `rest` for each of those behind them.
    void cut(std::vector<std::size_t> after, std::size_t rest);
    void cut_now();                                 // the connection that is passed now
    std::size_t left() const;                       // entries that no connection has used
    std::size_t passed() const { return passed_; }  // by the last connection

  private:
    void run();
    void pass(int caller, std::size_t most);
    std::size_t next();

    const int to_;
    Listening listening_;
    mutable std::mutex mutex_;
    std::vector<std::size_t> cuts_;
    std::size_t rest_ = 0;
    std::atomic<std::size_t> passed_{0};
    std::atomic<bool> cut_now_{false};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace waypost::interop
