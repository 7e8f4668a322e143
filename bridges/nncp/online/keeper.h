// SPDX-License-Identifier: Apache-2.0
// Makes what came last, on a thread of its own: the session goes on while the disk works. What is
// waiting is taken together, and many files are waited for at once, so that a hundred small packets
// cost a few commits of the file system (and not syncfs(), which would wait for whatever else this
// machine writes).
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
        Mth name{};          // of NAME.part
        bool check = false;  // its hash is not known yet
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
    std::vector<Shelf::Kept> keep(const std::vector<Job>& jobs);
    Result<void> make_last(const Fd& folder, const Job& job);
    Result<void> give_name(const Fd& folder, const Mth& name);
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
