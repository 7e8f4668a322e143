// SPDX-License-Identifier: Apache-2.0
// What goes out beside letters: posts to many inboxes, answers to those who follow, deletions. Each
// is on disk until the other server has taken it, it is given up, or the server is gone for good.
// To one host one at a time, in order; a host that does not answer is left alone for a while,
// longer each time: 1, 5, 30 minutes, 2, 12, 24 hours, for a week of box time, restarts or not.
// Threads: its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bridges/activitypub/remote/remote.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct Parcel {
    std::string inbox;  // URL
    std::string as;     // name of our actor who signs it
    std::string json;   // the activity
};

struct SendCounters {
    std::uint64_t sent = 0, refused = 0, given_up = 0;
    std::size_t waiting = 0;
};

class SendQueue {
  public:
    // The POST of one; blocks.
    using Post = std::function<Posted(const Parcel& parcel)>;
    // The server says that this inbox is gone (410), or was given up. Without its text.
    using Gone = std::function<void(const Parcel& parcel)>;

    // What was left from before is there from the beginning. Throws std::runtime_error if it cannot
    // be read.
    SendQueue(TransportState& state, const Clock& clock, int threads, Post post, Gone gone);
    ~SendQueue();

    void start();
    void stop();  // no thread is left; the rest is sent after the next start
    void tick();  // looks at whose time has come

    // Both join the next group commit.
    void add(const Parcel& parcel);
    // One activity for many inboxes, kept once under `name` until none of them waits for it.
    void add_for_all(const std::vector<std::string>& inboxes, const std::string& as,
                     const std::string& name, const std::string& json);
    SendCounters counters() const;

  private:
    struct Entry {
        std::uint64_t number;
        std::string inbox, as, body;
    };
    struct Host {
        std::deque<Entry> waiting;
        bool busy = false;
        int failures = 0;  // in a row
        BoxTime next{};
        std::optional<BoxTime> failing_since{};  // none: it answers
    };
    void restore();
    void put(Entry entry);  // under the lock
    void work();
    std::map<std::string, Host>::iterator next_host();
    void finish(const std::string& host, const Entry& entry, const Posted& posted);
    // Under the lock. False: for too long already.
    bool put_off(const std::string& name, Host& host, const Posted& posted);
    void set_failing_since(const std::string& name, Host& host, std::optional<BoxTime> since);
    void drop(const Entry& entry);
    static std::string key_of(std::uint64_t number);

    TransportState& state_;
    const Clock& clock_;
    const int thread_count_;
    const Post post_;
    const Gone gone_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Host> hosts_;
    std::map<std::string, std::size_t> bodies_;  // how many wait for each
    std::string turn_;                           // the host that was served last
    std::uint64_t last_ = 0;
    SendCounters counters_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace waypost::activitypub
