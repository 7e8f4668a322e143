// SPDX-License-Identifier: Apache-2.0
// Wakes a thread when a packet came into rx/ of some node, whoever put it there (inotify).
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

class SpoolWatch {
  public:
    // The spool outlives it. Where there is no inotify, only time and wake() end a wait.
    explicit SpoolWatch(const Spool& spool);
    // Until something came, wake() or the time. One thread.
    void wait(std::chrono::milliseconds most);
    void wake() const noexcept;  // any thread

  private:
    void look();
    void watch(const std::string& folder);

    const Spool& spool_;
    Fd notify_, wake_;
    std::set<std::string> watched_;
};

}  // namespace waypost::nncp
