// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/keeper.h"

#include <fcntl.h>
#include <unistd.h>

#include "bridges/nncp/packet/mth.h"

namespace waypost::nncp {
namespace {

// Ends early when somebody is in a hurry.
class InterruptibleSource : public Source {
  public:
    InterruptibleSource(int fd, const std::atomic<bool>& stop) : file_(fd), stop_(stop) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        if (stop_) return Error{Code::Busy, "the session ended before the hash was checked", true};
        return file_.read(into);
    }

  private:
    FileSource file_;
    const std::atomic<bool>& stop_;
};

}  // namespace

Keeper::Keeper(const Spool& spool, const NodeId& node, bool sync, std::function<void()> done)
    : spool_(spool), node_(node), sync_(sync), done_(std::move(done)) {}

Keeper::~Keeper() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        hurry_ = true;
    }
    more_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Keeper::add(Job job) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    more_.notify_one();
}

std::vector<Shelf::Kept> Keeper::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(kept_, {});
}

void Keeper::run() {
    for (;;) {
        std::vector<Job> jobs;
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            jobs.swap(waiting_);
        }
        keep(jobs);
        if (done_) done_();
    }
}

void Keeper::keep(std::vector<Job>& jobs) {
    std::vector<Shelf::Kept> kept;
    keep_small(jobs, kept);
    for (const Job& job : jobs)
        if (!job.packet) kept.push_back({job.name, keep_part(job)});
    const std::lock_guard lock(mutex_);
    std::move(kept.begin(), kept.end(), std::back_inserter(kept_));
}

void Keeper::keep_small(std::vector<Job>& jobs, std::vector<Shelf::Kept>& kept) {
    std::vector<Spool::Finished> finished;
    std::vector<Mth> names;
    for (Job& job : jobs) {
        if (!job.packet) continue;
        names.push_back(job.name);
        finished.push_back({std::move(job.packet), node_, Way::Rx});
    }
    std::erase_if(jobs, [&](const Job& job) {
        return std::find(names.begin(), names.end(), job.name) != names.end();
    });
    if (names.empty()) return;
    const auto published = spool_.publish(std::move(finished));
    for (const Mth& name : names) {
        if (published.ok())
            kept.push_back({name, {}});
        else
            kept.push_back({name, published.error()});
    }
}

Result<void> Keeper::check(const Fd& file, const Mth& name) {
    InterruptibleSource source(file.get(), hurry_);
    const auto hash = mth_of(source);
    if (!hash.ok()) return hash.error();
    if (*hash != name) return bad_input("what came has another hash than its name says");
    return {};
}

Result<void> Keeper::keep_part(const Job& job) {
    const auto folder = open_folder(spool_.folder(node_, Way::Rx));
    if (!folder.ok()) return folder.error();
    const std::string name = to_base32(job.name), part = name + ".part";
    const Fd file(::openat(folder->get(), part.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file.good()) return disk_error("open " + part);
    if (job.check) {
        const auto checked = check(file, job.name);
        if (!checked.ok() && checked.error().code == Code::BadInput)
            (void)::unlinkat(folder->get(), part.c_str(), 0);
        if (!checked.ok()) return checked;
    }
    if (spool_.seen(node_, job.name)) {  // it came by another way meanwhile
        (void)::unlinkat(folder->get(), part.c_str(), 0);
        return {};
    }
    if (sync_ && ::fsync(file.get()) != 0) return disk_error("sync " + part);
    if (::renameat(folder->get(), part.c_str(), folder->get(), name.c_str()) != 0)
        return disk_error("name the packet " + name);
    if (sync_ && ::fsync(folder->get()) != 0) return disk_error("sync the folder of " + name);
    return {};
}

}  // namespace waypost::nncp
