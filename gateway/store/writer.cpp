// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/writer.h"

#include <Poco/Data/DataException.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include <algorithm>
#include <future>

#include "gateway/base/crash_point.h"
#include "gateway/base/log.h"

namespace waypost::store {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr std::size_t kMostPerGroup = 512;
constexpr microseconds kLongestGather{5000};

Error storage_error(const std::string& text) {
    const bool full =
        text.find("full") != std::string::npos || text.find("space") != std::string::npos;
    return {full ? Code::Full : Code::Internal, text, true};
}

// Runs `work`, turning what a database or a job throws into an Error.
template <class Work>
Result<void> guarded(Work work) {
    try {
        work();
        return {};
    } catch (const Poco::Exception& e) {
        return storage_error(e.displayText());
    } catch (const std::exception& e) {
        return Error{Code::Internal, e.what(), false};
    }
}

}  // namespace

Writer::Writer(Database& database, Ids& ids)
    : database_(database),
      ids_(ids),
      engine_(database.engine()),
      session_(std::make_unique<Poco::Data::Session>(database.open_writer())),
      tables_(std::make_unique<Tables>(*session_, ids)) {}

Writer::~Writer() { stop(); }

void Writer::submit(Job job, Done done) {
    bool worth_waking = false;
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(job), std::move(done)});
        worth_waking = waiting_.size() == 1 || waiting_.size() == expected_;
    }
    if (worth_waking) arrived_.notify_one();
}

Result<void> Writer::run(Job job) {
    std::promise<Result<void>> promise;
    auto future = promise.get_future();
    submit(std::move(job), [&promise](const Result<void>& result) { promise.set_value(result); });
    return future.get();
}

void Writer::start() {
    thread_ = std::thread([this] { loop(); });
}

void Writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::size_t Writer::step() {
    std::vector<Entry> group;
    {
        const std::lock_guard lock(mutex_);
        group.swap(waiting_);
    }
    if (!group.empty()) commit(group);
    return group.size();
}

void Writer::loop() {
    for (;;) {
        std::vector<Entry> group = gather();
        if (group.empty()) return;
        commit(group);
    }
}

// Senders answered by the last commit come back together, and others came while it ran: waiting a
// fraction of a commit for all of them makes one group of what would be two, each paying a sync.
// When nobody came for a while, nobody is coming.
std::vector<Writer::Entry> Writer::gather() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    const auto patience = std::min(commit_cost_ / 2, kLongestGather);
    const auto latest = Steady::now() + patience;
    for (std::size_t there = 0; there != waiting_.size() && Steady::now() < latest;) {
        there = waiting_.size();
        arrived_.wait_for(lock, patience / 4,
                          [this] { return stopping_ || waiting_.size() >= expected_; });
        if (stopping_ || waiting_.size() >= expected_) break;
    }
    std::vector<Entry> group;
    if (waiting_.size() <= kMostPerGroup) {
        group.swap(waiting_);
    } else {
        const auto end = waiting_.begin() + kMostPerGroup;
        group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
    }
    return group;
}

void Writer::commit(std::vector<Entry>& group) {
    const Result<void> together = commit_together(group);
    {
        const std::lock_guard lock(mutex_);
        expected_ = group.size() + waiting_.size();
    }
    if (together.ok()) {
        for (Entry& entry : group) {
            if (entry.done) entry.done(together);
            crash_point(CrashPoint::Told);
        }
        return;
    }
    // One job's failure must not be its neighbours'.
    for (Entry& entry : group) {
        const Result<void> alone = group.size() == 1 ? together : commit_alone(entry);
        if (!alone.ok()) log(Level::Warning, "store", "refused", {{"why", alone.error().text}});
        if (entry.done) entry.done(alone);
    }
}

Result<void> Writer::commit_together(std::vector<Entry>& group) {
    const Result<void> result = guarded([&] {
        session_->begin();
        crash_point(CrashPoint::Begun);
        for (Entry& entry : group) {
            entry.job(*tables_);
            crash_point(CrashPoint::Job);
        }
        const auto began = Steady::now();
        session_->commit();
        changed_rows_ = database_.changed_rows(*session_).value_or(-1);
        crash_point(CrashPoint::Committed);
        const auto cost = std::chrono::duration_cast<microseconds>(Steady::now() - began);
        commit_cost_ = (commit_cost_ * 3 + cost) / 4;
    });
    if (!result.ok()) {
        (void)guarded([&] {
            discard_tables();
            if (session_->isTransaction()) session_->rollback();
        });
        tables_ = std::make_unique<Tables>(*session_, ids_);
    }
    return result;
}

// Poco 1.11's PostgreSQL statement frees its result twice once an execution has failed, so there
// the few kilobytes of a failed set of statements are given up instead of freed.
void Writer::discard_tables() {
    if (engine_ == Engine::Postgresql) {
        (void)tables_.release();  // NOLINT(bugprone-unused-return-value)
    } else {
        tables_.reset();
    }
}

Result<void> Writer::commit_alone(Entry& entry) {
    std::vector<Entry> one;
    one.push_back({entry.job, nullptr});
    return commit_together(one);
}

}  // namespace waypost::store
