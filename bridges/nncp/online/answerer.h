// SPDX-License-Identifier: Apache-2.0
// Answers on lines that are there whether somebody calls or not: serial lines, and programs that
// wait for a caller. A thread each.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bridges/nncp/online/online.h"

namespace waypost::nncp {

class Answerer {
  public:
    // A session of this line ended. No node, and `why`: the line cannot be opened, or what came
    // over it was no session of a node that is known. That is told of once, and after a pause the
    // line is opened again.
    using Ended = std::function<void(const std::string& line, const OnlineReport& report)>;
    // `home`'s stop is not its business; ~Answerer() ends its sessions, and waits for them.
    // `lines`: "serial:/dev/NAME?baud=N" or "|command", as of dial().
    Answerer(const OnlineHome& home, std::vector<std::string> lines, OnlineOptions options,
             OnlineWatch watch, Ended ended);
    ~Answerer();
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

  private:
    void serve(const std::string& where);
    std::optional<Error> sessions(const std::string& where);
    void pause();

    std::atomic<bool> stop_{false};
    const OnlineHome home_;  // with stop_
    const std::vector<std::string> lines_;
    const OnlineOptions options_;
    const OnlineWatch watch_;
    const Ended ended_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::thread> threads_;
};

}  // namespace waypost::nncp
