// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/live_feed.h"

#include <algorithm>

namespace waypost {

constexpr std::size_t kMostKept = 256;

void LiveFeed::tell(LiveEvent event) {
    {
        const std::lock_guard lock(mutex_);
        event.number = ++last_;
        events_.push_back(std::move(event));
        if (events_.size() > kMostKept) events_.pop_front();
    }
    told_.notify_all();
}

std::vector<LiveEvent> LiveFeed::after(std::uint64_t after, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, time, [&] { return closed_ || last_ > after; });
    std::vector<LiveEvent> found;
    for (const LiveEvent& each : events_)
        if (each.number > after) found.push_back(each);
    return found;
}

std::uint64_t LiveFeed::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

bool LiveFeed::watched() const {
    const std::lock_guard lock(mutex_);
    return std::any_of(watchers_.begin(), watchers_.end(),
                       [](const auto& each) { return each.second > 0; });
}

void LiveFeed::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    told_.notify_all();
    shut_.notify_all();
}

bool LiveFeed::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

void LiveFeed::rest(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    shut_.wait_for(lock, time, [&] { return closed_; });
}

LiveFeed::Watcher::Watcher(LiveFeed& feed, Place place) : feed_(feed), place_(place) {
    const std::lock_guard lock(feed_.mutex_);
    int& watchers = feed_.watchers_[place];
    admitted_ = watchers < (place == Place::Box ? kMostOnTheBox : kMostConsoles);
    if (admitted_) ++watchers;
}

LiveFeed::Watcher::~Watcher() {
    if (!admitted_) return;
    const std::lock_guard lock(feed_.mutex_);
    --feed_.watchers_[place_];
}

}  // namespace waypost
