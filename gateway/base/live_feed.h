// SPDX-License-Identifier: Apache-2.0
// What happens just now, for whoever looks on: numbered events, of which the last 256 are kept.
// Nobody who tells waits for a watcher, and nothing depends on one. Beside them the packets of the
// radios. Thread-safe.
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

#include "gateway/base/packet_tail.h"

namespace waypost {

struct LiveEvent {
    using Value = std::variant<std::string, std::int64_t, bool>;
    std::string kind;  // "stick"
    std::map<std::string, Value> details;
    std::uint64_t number = 0;  // by the feed: from 1, since the start of the box
    // Who sees only the newest of several with one kind and subject has missed nothing. Empty: each
    // one counts.
    std::string subject{};
};

class LiveFeed {
  public:
    // Each keeps a thread: of the Unix socket's server, or of the console's.
    enum class Place { Box, Console };
    static constexpr int kMostOnTheBox = 4;
    static constexpr int kMostConsoles = 56;

    void tell(LiveEvent event);
    // Those behind number `after`, oldest first; where there are none, waits so long for one.
    std::vector<LiveEvent> after(std::uint64_t after, std::chrono::milliseconds time);
    std::uint64_t last() const;  // number of the newest; 0: none yet
    bool watched() const;        // somebody looks on
    void close();                // nobody waits any more
    // So long, or until it is closed.
    void rest(std::chrono::milliseconds time);
    bool closed() const;
    PacketTail& packets() { return packets_; }

    // A place among those who watch, if there is one.
    class Watcher {
      public:
        Watcher(LiveFeed& feed, Place place);
        ~Watcher();
        Watcher(const Watcher&) = delete;
        Watcher& operator=(const Watcher&) = delete;
        bool admitted() const { return admitted_; }

      private:
        LiveFeed& feed_;
        const Place place_;
        bool admitted_;
    };

  private:
    mutable std::mutex mutex_;
    std::condition_variable told_;
    std::condition_variable shut_;  // who rests is not woken by news
    std::deque<LiveEvent> events_;  // all under mutex_
    std::uint64_t last_ = 0;
    std::map<Place, int> watchers_;
    bool closed_ = false;
    PacketTail packets_;
};

// A transport that tells what happens in it is one of these too.
class TellsLive {
  public:
    virtual ~TellsLive() = default;
    // Before start(); the feed outlives the transport.
    virtual void tell_to(LiveFeed& feed) = 0;
};

}  // namespace waypost
