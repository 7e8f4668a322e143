// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/keeper.h"

#include <fcntl.h>
#include <unistd.h>

#include "bridges/nncp/packet/mth.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kAtOnce = 8;

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

// Does it for each number below `count`, several at a time.
template <class Work>
void at_once(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::thread> helpers;
    try {
        while (helpers.size() + 1 < std::min(kAtOnce, count)) helpers.emplace_back(run);
    } catch (const std::system_error&) {  // with fewer it only takes longer
    }
    run();
    for (auto& helper : helpers) helper.join();
}

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
        auto kept = keep(jobs);
        {
            const std::lock_guard lock(mutex_);
            std::move(kept.begin(), kept.end(), std::back_inserter(kept_));
        }
        if (done_) done_();
    }
}

// All on the disk, then all named, then the names on the disk.
std::vector<Shelf::Kept> Keeper::keep(const std::vector<Job>& jobs) {
    std::vector<Shelf::Kept> kept;
    for (const Job& job : jobs) kept.push_back({job.name, {}});
    const auto folder = open_folder(spool_.folder(node_, Way::Rx));
    if (!folder.ok()) {
        for (auto& each : kept) each.result = folder.error();
        return kept;
    }
    at_once(jobs.size(), [&](std::size_t i) { kept[i].result = make_last(*folder, jobs[i]); });
    for (auto& each : kept)
        if (each.result.ok()) each.result = give_name(*folder, each.name);
    if (!sync_ || ::fsync(folder->get()) == 0) return kept;
    for (auto& each : kept) each.result = disk_error("sync the folder of packets");
    return kept;
}

Result<void> Keeper::check(const Fd& file, const Mth& name) {
    InterruptibleSource source(file.get(), hurry_);
    const auto hash = mth_of(source);
    if (!hash.ok()) return hash.error();
    if (*hash != name) return bad_input("what came has another hash than its name says");
    return {};
}

Result<void> Keeper::make_last(const Fd& folder, const Job& job) {
    const std::string part = to_base32(job.name) + ".part";
    const Fd file(::openat(folder.get(), part.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file.good()) return disk_error("open " + part);
    if (job.check) {
        const auto checked = check(file, job.name);
        if (!checked.ok() && checked.error().code == Code::BadInput)
            (void)::unlinkat(folder.get(), part.c_str(), 0);
        if (!checked.ok()) return checked;
    }
    if (sync_ && ::fsync(file.get()) != 0) return disk_error("sync " + part);
    return {};
}

Result<void> Keeper::give_name(const Fd& folder, const Mth& name) {
    const std::string letters = to_base32(name), part = letters + ".part";
    if (spool_.seen(node_, name)) {  // it came by another way meanwhile
        (void)::unlinkat(folder.get(), part.c_str(), 0);
        return {};
    }
    if (::renameat(folder.get(), part.c_str(), folder.get(), letters.c_str()) != 0)
        return disk_error("name the packet " + letters);
    return {};
}

}  // namespace waypost::nncp
