// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/stamp_maker.h"

#include "radio/reticulum/lxmf/stamp.h"

namespace waypost::reticulum {
namespace {

constexpr int kTimesUsual = 16;
constexpr int kMostBits = 48;

}  // namespace

void StampMaker::start(Random& random, Done done) {
    random_ = &random;
    done_ = std::move(done);
    thread_ = std::thread([this] { run(); });
}

void StampMaker::make(StampWanted wanted) {
    {
        const std::lock_guard lock(mutex_);
        wanted_.push_back(std::move(wanted));
    }
    changed_.notify_one();
}

void StampMaker::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void StampMaker::run() {
    for (;;) {
        StampWanted wanted;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !wanted_.empty(); });
            if (stopping_) return;
            wanted = std::move(wanted_.front());
            wanted_.pop_front();
        }
        const StampWork work(wanted.id);
        const std::uint64_t most =
            (std::uint64_t{1} << std::min(wanted.cost, kMostBits)) * kTimesUsual;
        auto stamp = work.make(wanted.cost, *random_, most, [this] { return stopping_.load(); });
        if (stopping_) return;
        done_(wanted.wire_id, std::move(stamp));
    }
}

}  // namespace waypost::reticulum
