// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/send_queue.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "bridges/activitypub/site.h"
#include "gateway/base/log.h"
#include "gateway/base/numbered_key.h"

namespace waypost::activitypub {
namespace {

constexpr char kEntry[] = "send/";  // number, 16 digits of base 16
constexpr char kBody[] = "body/";
constexpr char kFailing[] = "failing/";  // a host: milliseconds of box time at which it began
constexpr std::array<std::chrono::minutes, 6> kWaits{
    std::chrono::minutes(1),      std::chrono::minutes(5),       std::chrono::minutes(30),
    std::chrono::minutes(2 * 60), std::chrono::minutes(12 * 60), std::chrono::minutes(24 * 60)};
// Of box time: where the wall clock is set after a start without one, no host has failed for years.
constexpr std::chrono::hours kGivenUpAfter{7 * 24};

}  // namespace

SendQueue::SendQueue(TransportState& state, const Clock& clock, int threads, Post post, Gone gone)
    : state_(state),
      clock_(clock),
      thread_count_(threads),
      post_(std::move(post)),
      gone_(std::move(gone)) {
    restore();
}

SendQueue::~SendQueue() { stop(); }

std::string SendQueue::key_of(std::uint64_t number) { return numbered_key(kEntry, number); }

void SendQueue::start() {
    for (int i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { work(); });
}

void SendQueue::restore() {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, text] : state_.with_prefix(kEntry)) {
        const auto o = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
        Entry entry{number_of_key(kEntry, key), o->optValue<std::string>("inbox", ""),
                    o->optValue<std::string>("as", ""), o->optValue<std::string>("body", "")};
        last_ = std::max(last_, entry.number);
        ++bodies_[entry.body];
        ++counters_.waiting;
        hosts_[host_of(entry.inbox)].waiting.push_back(std::move(entry));
    }
    for (const auto& [key, text] : state_.with_prefix(kBody))
        if (bodies_.count(key.substr(sizeof kBody - 1)) == 0) state_.erase(key);
    for (const auto& [key, since] : state_.with_prefix(kFailing)) {
        const auto host = hosts_.find(key.substr(sizeof kFailing - 1));
        if (host == hosts_.end()) {
            state_.erase(key);
        } else {
            host->second.failing_since = box_from_ms(std::strtoll(since.c_str(), nullptr, 10));
        }
    }
}

void SendQueue::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void SendQueue::tick() { changed_.notify_all(); }

void SendQueue::add(const Parcel& parcel) {
    {
        const std::lock_guard lock(mutex_);
        const std::string body = numbered_key({}, last_ + 1);
        state_.put(kBody + body, parcel.json);
        put({++last_, parcel.inbox, parcel.as, body});
    }
    changed_.notify_all();
}

void SendQueue::add_for_all(const std::vector<std::string>& inboxes, const std::string& as,
                            const std::string& name, const std::string& json) {
    if (inboxes.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        state_.put(kBody + name, json);
        for (const std::string& inbox : inboxes) put({++last_, inbox, as, name});
    }
    changed_.notify_all();
}

void SendQueue::put(Entry entry) {
    Poco::JSON::Object o;
    o.set("inbox", entry.inbox);
    o.set("as", entry.as);
    o.set("body", entry.body);
    std::ostringstream text;
    o.stringify(text);
    state_.put(key_of(entry.number), text.str());
    ++bodies_[entry.body];
    ++counters_.waiting;
    hosts_[host_of(entry.inbox)].waiting.push_back(std::move(entry));
}

// The next one behind the one served last that has something, and whose time has come.
std::map<std::string, SendQueue::Host>::iterator SendQueue::next_host() {
    const BoxTime now = clock_.box();
    const auto may = [&](const auto& each) {
        return !each.second.busy && !each.second.waiting.empty() && each.second.next <= now;
    };
    const auto begin = hosts_.upper_bound(turn_);
    for (auto host = begin; host != hosts_.end(); ++host)
        if (may(*host)) return host;
    for (auto host = hosts_.begin(); host != begin; ++host)
        if (may(*host)) return host;
    return hosts_.end();
}

void SendQueue::work() {
    for (;;) {
        std::unique_lock lock(mutex_);
        auto host = hosts_.end();
        changed_.wait(lock, [&] { return stopping_ || (host = next_host()) != hosts_.end(); });
        if (stopping_) return;
        turn_ = host->first;
        host->second.busy = true;
        const std::string name = host->first;
        const Entry entry = host->second.waiting.front();
        lock.unlock();
        const auto json = state_.get(kBody + entry.body);
        Posted posted;
        if (json) {
            posted = post_({entry.inbox, entry.as, *json});
        } else {
            posted.status = 400;
            posted.detail = "its text is gone";
        }
        finish(name, entry, posted);
    }
}

void SendQueue::finish(const std::string& name, const Entry& entry, const Posted& posted) {
    bool gone = posted.status == 410;
    {
        const std::lock_guard lock(mutex_);
        Host& host = hosts_[name];
        host.busy = false;
        if (posted.may_go_well_later()) {
            if (stopping_) return;  // it was cut: no fault of theirs
            if (put_off(name, host, posted)) return;
            ++counters_.given_up;
            gone = true;
        } else {
            host.failures = 0;
            set_failing_since(name, host, std::nullopt);
            posted.taken() ? ++counters_.sent : ++counters_.refused;
            if (!posted.taken())
                log(Level::Info, "activitypub", "refused",
                    {{"inbox", entry.inbox}, {"status", std::to_string(posted.status)}});
        }
        host.waiting.pop_front();
        --counters_.waiting;
        if (host.waiting.empty()) {
            set_failing_since(name, host, std::nullopt);
            hosts_.erase(name);
        }
        drop(entry);
    }
    changed_.notify_all();
    if (gone) gone_({entry.inbox, entry.as, {}});
}

bool SendQueue::put_off(const std::string& name, Host& host, const Posted& posted) {
    const BoxTime now = clock_.box();
    if (!host.failing_since) set_failing_since(name, host, now);
    if (now - *host.failing_since >= kGivenUpAfter) return false;
    milliseconds wait = kWaits[std::min<std::size_t>(host.failures++, kWaits.size() - 1)];
    // What it asks for, but no longer than the longest.
    if (posted.retry_after)
        wait = std::max<milliseconds>(
            wait, std::min<std::chrono::seconds>(*posted.retry_after, kWaits.back()));
    host.next = now + wait;
    log(Level::Info, "activitypub", "later", {{"host", name}, {"why", posted.detail}});
    return true;
}

void SendQueue::set_failing_since(const std::string& name, Host& host,
                                  std::optional<BoxTime> since) {
    if (host.failing_since == since) return;
    host.failing_since = since;
    since ? state_.put(kFailing + name, std::to_string(to_ms(*since)))
          : state_.erase(kFailing + name);
}

void SendQueue::drop(const Entry& entry) {
    state_.erase(key_of(entry.number));
    const auto body = bodies_.find(entry.body);
    if (body == bodies_.end() || --body->second > 0) return;
    bodies_.erase(body);
    state_.erase(kBody + entry.body);
}

SendCounters SendQueue::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace waypost::activitypub
