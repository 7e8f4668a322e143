// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/live_feed.h"

#include <algorithm>
#include <set>

namespace waypost {
namespace {

constexpr std::size_t kMostKept = 256;

// Of several about one subject the newest.
void keep_newest(LiveBatch::Events& events) {
    std::set<std::pair<std::string_view, std::string_view>> said;
    for (auto each = events.rbegin(); each != events.rend(); ++each) {
        const LiveEvent& event = **each;
        if (!event.subject.empty() && !said.emplace(event.kind, event.subject).second)
            each->reset();
    }
    std::erase(events, nullptr);
}

bool is_of(const LiveEvent& event, const std::string& owner) {
    return std::find(event.owners.begin(), event.owners.end(), owner) != event.owners.end();
}

}  // namespace

const std::string& LiveBatch::text(const Write& write) const {
    std::call_once(once_, [&] { text_ = write(*this); });
    return text_;
}

void LiveFeed::tell(LiveEvent event) {
    {
        const std::lock_guard lock(mutex_);
        event.number = ++last_;
        events_.push_back(std::make_shared<const LiveEvent>(std::move(event)));
        if (events_.size() > kMostKept) {
            gone_ = std::max(gone_, events_.front()->number);
            events_.pop_front();
        }
    }
    told_.notify_all();
}

void LiveFeed::pass_over() {
    {
        const std::lock_guard lock(mutex_);
        gone_ = ++last_;
    }
    told_.notify_all();
}

std::vector<LiveEvent> LiveFeed::after(std::uint64_t after, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    told_.wait_for(lock, time, [&] { return closed_ || last_ > after; });
    std::vector<LiveEvent> found;
    for (const Event& each : events_)
        if (each->number > after) found.push_back(*each);
    return found;
}

std::shared_ptr<const LiveBatch> LiveFeed::batch(const std::string& owner, std::uint64_t after,
                                                 std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    // A number of before the box started anew: what it told since is behind it too.
    if (after > last_) return make_batch(owner, after);
    told_.wait_for(lock, time, [&] { return closed_ || last_ > after; });
    if (last_ <= after) return nullptr;
    if (sealed_ <= after) {
        shut_.wait_until(lock, sealed_at_ + kBatchEvery,
                         [&] { return closed_ || sealed_ > after; });
        if (sealed_ <= after) {  // the first of all who waited for the time to come
            sealed_ = last_;
            sealed_at_ = Clock::now();
            batches_.clear();
        }
    }
    auto& made = batches_[{owner, after}];
    if (!made) made = make_batch(owner, after);
    return made;
}

std::shared_ptr<const LiveBatch> LiveFeed::make_batch(const std::string& owner,
                                                      std::uint64_t after) const {
    const bool restarted = after > last_;
    const std::uint64_t to = restarted ? last_ : sealed_;
    LiveBatch::Events found;
    for (const Event& each : events_) {
        const bool in = each->number > after && each->number <= to;
        if (in && (owner.empty() || is_of(*each, owner))) found.push_back(each);
    }
    keep_newest(found);
    return std::make_shared<const LiveBatch>(std::move(found), to, restarted || gone_ > after);
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

int LiveFeed::watchers(Place place) const {
    const auto found = watchers_.find(place);
    return found == watchers_.end() ? 0 : found->second;
}

bool LiveFeed::has_room(Place place) const {
    if (place == Place::Box) return watchers(place) < kMostOnTheBox;
    const int villagers = watchers(Place::Villager);
    if (watchers(Place::Console) + villagers >= kMostConsoles) return false;
    return place == Place::Console || villagers < kMostVillagers;
}

LiveFeed::Watcher::Watcher(LiveFeed& feed, Place place) : feed_(feed), place_(place) {
    const std::lock_guard lock(feed_.mutex_);
    admitted_ = feed_.has_room(place);
    if (admitted_) ++feed_.watchers_[place];
}

LiveFeed::Watcher::~Watcher() {
    if (!admitted_) return;
    const std::lock_guard lock(feed_.mutex_);
    --feed_.watchers_[place_];
}

}  // namespace waypost
