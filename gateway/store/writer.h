// SPDX-License-Identifier: Apache-2.0
// The one thread that writes: it gathers whatever is waiting into one transaction (group commit),
// so that twenty senders pay for one sync of the disk.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/database.h"
#include "gateway/store/group_fence.h"
#include "gateway/store/tables.h"

namespace waypost::store {

// Runs inside the transaction. May run twice (a group that fails is repeated job by job), so it
// must set what it reports from scratch each time. May throw; then nothing of it is stored.
using Job = std::function<void(Tables&)>;
// Runs on the writer thread after the transaction is on disk, or with the error that it is not.
// Where a connection to the database was lost meanwhile the writer first finds out which.
using Done = std::function<void(const Result<void>&)>;

class Writer {
  public:
    // `fence`: where several workers write; it outlives the writer.
    Writer(Database& database, Ids& ids, GroupFence* fence = nullptr);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Any thread. Jobs commit in the order of submission.
    void submit(Job job, Done done);
    // Submits and waits. Not on the writer thread.
    Result<void> run(Job job);

    // Another number whenever a commit has changed any row; nullopt: the engine does not say. Any
    // thread.
    std::optional<std::int64_t> changed_rows() const {
        const std::int64_t rows = changed_rows_;
        return rows < 0 ? std::nullopt : std::optional(rows);
    }

    // On the writer's thread, once: this worker is fenced off, or cannot find out what became of a
    // transaction. What was not answered must not be: the process is to end at once. Before
    // start().
    void on_lost(std::function<void(const std::string& why)> lost) { lost_ = std::move(lost); }

    void start();  // the thread
    void stop();   // what was submitted is committed first
    // For stepped tests without a thread: commits what waits; how many jobs.
    std::size_t step();

  private:
    struct Entry {
        Job job;
        Done done;
    };
    void loop();
    std::vector<Entry> gather();
    void commit(std::vector<Entry>& group);
    Result<void> commit_together(std::vector<Entry>& group);
    Result<void> commit_alone(Entry& entry);
    void answer(std::vector<Entry>& group, const Result<void>& together);
    Result<void> failed(const Result<void>& why, bool committing);
    void open_again();
    void forget_statements();

    Database& database_;
    Ids& ids_;
    GroupFence* const fence_;
    std::function<void(const std::string&)> lost_;
    bool is_lost_ = false;
    std::atomic<std::int64_t> changed_rows_{-1};
    std::unique_ptr<Poco::Data::Session> session_;
    // Made anew after a failure: a broken statement stays broken. Null: the session is lost.
    std::unique_ptr<Tables> tables_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Entry> waiting_;
    bool stopping_ = false;
    // How many may come back after the last commit, and its cost: how long they are worth a wait.
    std::size_t expected_ = 1;
    std::chrono::microseconds commit_cost_{0};
    std::thread thread_;
};

}  // namespace waypost::store
