// SPDX-License-Identifier: Apache-2.0
// Removes packets on a thread of its own: a session does not wait for the journal of the file
// system, and what is waiting is removed together.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

class Remover {
  public:
    // The spool outlives it.
    explicit Remover(const Spool& spool) : spool_(spool) {}
    ~Remover();  // when all are gone
    Remover(const Remover&) = delete;
    Remover& operator=(const Remover&) = delete;

    // Any thread. One that cannot be removed stays, and is offered again later.
    void add(const SpoolPacket& packet);

  private:
    void run();

    const Spool& spool_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::vector<SpoolPacket> waiting_;  // under mutex_
    bool ending_ = false;               // under mutex_
    std::thread thread_;
};

}  // namespace waypost::nncp
