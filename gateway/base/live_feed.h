// SPDX-License-Identifier: Apache-2.0
// What happens just now, for whoever looks on: numbered events, of which the last 256 are kept.
// Nobody who tells waits for a watcher, and nothing depends on one. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

namespace waypost {

struct LiveEvent {
    using Value = std::variant<std::string, std::int64_t, bool>;
    std::string kind;  // "stick"
    std::map<std::string, Value> details;
    std::uint64_t number = 0;  // by the feed: from 1, since the start of the box
};

class LiveFeed {
  public:
    static constexpr int kMostWatchers = 4;  // each keeps a thread of the API

    void tell(LiveEvent event);
    // Those behind number `after`, oldest first; where there are none, waits so long for one.
    std::vector<LiveEvent> after(std::uint64_t after, std::chrono::milliseconds time);
    std::uint64_t last() const;  // number of the newest; 0: none yet
    void close();                // nobody waits any more
    bool closed() const;

    // A place among those who watch, if there is one.
    class Watcher {
      public:
        explicit Watcher(LiveFeed& feed);
        ~Watcher();
        Watcher(const Watcher&) = delete;
        Watcher& operator=(const Watcher&) = delete;
        bool admitted() const { return admitted_; }

      private:
        LiveFeed& feed_;
        bool admitted_;
    };

  private:
    mutable std::mutex mutex_;
    std::condition_variable told_;
    std::deque<LiveEvent> events_;  // all under mutex_
    std::uint64_t last_ = 0;
    int watchers_ = 0;
    bool closed_ = false;
};

// A transport that tells what happens in it is one of these too.
class TellsLive {
  public:
    virtual ~TellsLive() = default;
    // Before start(); the feed outlives the transport.
    virtual void tell_to(LiveFeed& feed) = 0;
};

}  // namespace waypost
