// SPDX-License-Identifier: Apache-2.0
// Makes what came last, on a thread of its own: the session goes on while the disk works. What is
// waiting is taken together, so a hundred small packets cost one wait.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "bridges/nncp/online/shelf.h"
#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

class Keeper {
  public:
    struct Job {
        Mth name{};
        std::unique_ptr<NewPacket> packet;  // a small one, checked; else it is NAME.part
        bool check = false;                 // of NAME.part the hash
    };
    // The spool outlives it; `done` is called by its thread when there is something to take.
    Keeper(const Spool& spool, const NodeId& node, bool sync, std::function<void()> done);
    // Finishes what waits, but for hashes of large files: their parts stay.
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    // By the thread of the session.
    void add(Job job);
    std::vector<Shelf::Kept> take();

  private:
    void run();
    void keep(std::vector<Job>& jobs);
    void keep_small(std::vector<Job>& jobs, std::vector<Shelf::Kept>& kept);
    Result<void> keep_part(const Job& job);
    Result<void> check(const Fd& file, const Mth& name);

    const Spool& spool_;
    const NodeId node_;
    const bool sync_;
    const std::function<void()> done_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::vector<Job> waiting_;        // under mutex_
    std::vector<Shelf::Kept> kept_;   // under mutex_
    bool ending_ = false;             // under mutex_
    std::atomic<bool> hurry_{false};  // no more hashing
    std::thread thread_;
};

}  // namespace waypost::nncp
