// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/write_queue.h"

#include <algorithm>

namespace waypost::xmpp {

using Lock = std::lock_guard<std::mutex>;

Sent WriteQueue::send(std::string_view xml, bool& first) {
    const Lock lock(mutex_);
    if (!open_) return Sent::Down;
    const std::size_t now = waiting_.size() + taken_;
    if (now > 0 && now + xml.size() > limit_) {
        refused_ = true;
        return Sent::Full;
    }
    first = waiting_.empty();
    waiting_ += xml;
    ping_waits_ = false;
    return Sent::Queued;
}

Sent WriteQueue::barrier(BarrierDone done, bool& first) {
    const Lock lock(mutex_);
    if (!open_) return Sent::Down;
    if (!ping_waits_) {
        first = waiting_.empty();
        pings_.write(waiting_, ++last_ping_);
        ping_waits_ = true;
        ++barriers_;
    }
    waiters_.push_back({last_ping_, std::move(done)});
    return Sent::Queued;
}

bool WriteQueue::open() const {
    const Lock lock(mutex_);
    return open_;
}

std::size_t WriteQueue::bytes() const {
    const Lock lock(mutex_);
    return waiting_.size() + taken_;
}

std::uint64_t WriteQueue::barriers() const {
    const Lock lock(mutex_);
    return barriers_;
}

void WriteQueue::begin(const Pings& pings) {
    const Lock lock(mutex_);
    pings_ = pings;
    last_ping_ = 0;
    open_ = true;
}

std::uint64_t WriteQueue::take(std::string& out) {
    const Lock lock(mutex_);
    out.swap(waiting_);  // which keeps the room of both
    taken_ += out.size();
    ping_waits_ = false;
    return last_ping_;
}

void WriteQueue::written(std::size_t bytes) {
    const Lock lock(mutex_);
    taken_ -= std::min(bytes, taken_);
}

bool WriteQueue::has_room() {
    const Lock lock(mutex_);
    if (!refused_ || !open_ || waiting_.size() + taken_ > limit_ / 2) return false;
    refused_ = false;
    return true;
}

std::vector<BarrierDone> WriteQueue::answered(std::uint64_t number) {
    const Lock lock(mutex_);
    std::vector<BarrierDone> done;
    while (!waiters_.empty() && waiters_.front().number <= number) {
        done.push_back(std::move(waiters_.front().done));
        waiters_.pop_front();
    }
    return done;
}

std::vector<BarrierDone> WriteQueue::end() {
    const Lock lock(mutex_);
    open_ = refused_ = ping_waits_ = false;
    waiting_.clear();
    taken_ = 0;
    std::vector<BarrierDone> done;
    for (Waiter& each : waiters_) done.push_back(std::move(each.done));
    waiters_.clear();
    return done;
}

}  // namespace waypost::xmpp
