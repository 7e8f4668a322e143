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
// A database that is promoted, or starts again, is back by then.
constexpr std::chrono::seconds kLongestDoubt{60};
constexpr std::chrono::milliseconds kPauseBetweenTries{200};

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
    } catch (const Fenced&) {
        throw;
    } catch (const Poco::Exception& e) {
        return storage_error(e.displayText());
    } catch (const std::exception& e) {
        return Error{Code::Internal, e.what(), false};
    }
}

}  // namespace

Writer::Writer(Database& database, Ids& ids, GroupFence* fence)
    : database_(database),
      ids_(ids),
      fence_(fence),
      session_(std::make_unique<Poco::Data::Session>(database.open_writer())),
      tables_(std::make_unique<Tables>(*session_, ids)) {
    if (fence_ != nullptr) fence_->begins_anew();
}

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
    if (is_lost_) return;
    try {
        const Result<void> together = commit_together(group);
        {
            const std::lock_guard lock(mutex_);
            expected_ = group.size() + waiting_.size();
        }
        answer(group, together);
    } catch (const Fenced& e) {
        is_lost_ = true;
        log(Level::Error, "store", "lost", {{"why", e.what()}});
        if (lost_) lost_(e.what());
    }
}

void Writer::answer(std::vector<Entry>& group, const Result<void>& together) {
    if (together.ok()) {
        for (Entry& entry : group) {
            if (entry.done) entry.done(together);
            crash_point(CrashPoint::Told);
        }
        return;
    }
    // One job's failure must not be its neighbours'; a database that does not answer is
    // everybody's.
    const bool down = tables_ == nullptr;
    for (Entry& entry : group) {
        const Result<void> alone = group.size() == 1 || down ? together : commit_alone(entry);
        if (!alone.ok()) log(Level::Warning, "store", "refused", {{"why", alone.error().text}});
        if (entry.done) entry.done(alone);
    }
}

Result<void> Writer::commit_together(std::vector<Entry>& group) {
    bool committing = false;
    const Result<void> result = guarded([&] {
        if (tables_ == nullptr) open_again();
        const auto began = Steady::now();
        session_->begin();
        crash_point(CrashPoint::Begun);
        if (fence_ != nullptr) {
            fence_->enter(*session_);
            tables_->others_wrote();
        }
        for (Entry& entry : group) {
            entry.job(*tables_);
            crash_point(CrashPoint::Job);
        }
        const auto worked = Steady::now();
        committing = true;
        session_->commit();
        changed_rows_ = database_.changed_rows(*session_).value_or(-1);
        crash_point(CrashPoint::Committed);
        // Behind a fence the turn of the others is a part of what a commit costs.
        const auto cost = std::chrono::duration_cast<microseconds>(
            Steady::now() - (fence_ == nullptr ? worked : began));
        commit_cost_ = (commit_cost_ * 3 + cost) / 4;
    });
    return result.ok() ? result : failed(result, committing);
}

// Nothing of the group is on disk, unless the connection was lost just when that was decided.
Result<void> Writer::failed(const Result<void>& why, bool committing) {
    forget_statements();
    (void)guarded([&] {
        if (session_->isTransaction()) session_->rollback();
    });
    if (fence_ == nullptr || session_->isConnected()) {
        tables_ = std::make_unique<Tables>(*session_, ids_);
        return why;
    }
    log(Level::Warning, "store", "connection-lost", {{"why", why.error().text}});
    if (!committing) return why;
    const auto latest = Steady::now() + kLongestDoubt;
    for (;;) {
        bool written = false;
        const auto asked = guarded([&] {
            open_again();
            written = fence_->is_written(*session_);
        });
        if (asked.ok()) return written ? Result<void>{} : why;
        if (Steady::now() > latest)
            throw Fenced("the database does not say what became of a transaction");
        std::this_thread::sleep_for(kPauseBetweenTries);
    }
}

void Writer::open_again() {
    forget_statements();
    session_ = std::make_unique<Poco::Data::Session>(database_.open_writer());
    tables_ = std::make_unique<Tables>(*session_, ids_);
    log(Level::Info, "store", "connected-again");
}

void Writer::forget_statements() {
    tables_.reset();
    if (fence_ != nullptr) fence_->begins_anew();
}

Result<void> Writer::commit_alone(Entry& entry) {
    std::vector<Entry> one;
    one.push_back({entry.job, nullptr});
    return commit_together(one);
}

}  // namespace waypost::store
