// SPDX-License-Identifier: Apache-2.0
// What happens just now, for whoever looks on: numbered events, of which the last 256 are kept.
// Nobody who tells waits for a watcher, and nothing depends on one. Beside them the packets of the
// radios. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
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
    // Handles of those whose own affair it may be; everybody else learns of it as an operator only.
    std::vector<std::string> owners{};
};

// What all who look on in the same way are told at once. It does not change; its text is made by
// the first who needs it.
class LiveBatch {
  public:
    using Events = std::vector<std::shared_ptr<const LiveEvent>>;
    using Write = std::function<std::string(const LiveBatch&)>;

    LiveBatch(Events events, std::uint64_t last, bool missed)
        : events_(std::move(events)), last_(last), missed_(missed) {}
    const Events& events() const { return events_; }  // of one subject the newest; oldest first
    std::uint64_t last() const { return last_; }      // number up to which it goes
    bool missed() const { return missed_; }           // before these there were others, not kept
    // By `write` of whoever asks first; all of one view have to give the same one.
    const std::string& text(const Write& write) const;

  private:
    const Events events_;
    const std::uint64_t last_;
    const bool missed_;
    mutable std::once_flag once_;
    mutable std::string text_;
};

class LiveFeed {
  public:
    // Each keeps a thread: of the Unix socket's server, or of the console's.
    enum class Place { Box, Console, Villager };
    static constexpr int kMostOnTheBox = 4;
    static constexpr int kMostConsoles = 56;   // villagers' are among them
    static constexpr int kMostVillagers = 40;  // so many that operators find a place
    // All who look on are told at the same time, at most so often.
    static constexpr std::chrono::milliseconds kBatchEvery{250};

    void tell(LiveEvent event);
    // There was something that nobody is told of: who looks from before it on, has missed it.
    void pass_over();
    // Those behind number `after`, oldest first; where there are none, waits so long for one.
    std::vector<LiveEvent> after(std::uint64_t after, std::chrono::milliseconds time);
    // The same for many: what came behind `after`, the same object for all who are as far. `owner`:
    // only what may be his affair; empty: all. Null: nothing came for so long, or the feed closed.
    std::shared_ptr<const LiveBatch> batch(const std::string& owner, std::uint64_t after,
                                           std::chrono::milliseconds time);
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
    using Clock = std::chrono::steady_clock;
    using Event = std::shared_ptr<const LiveEvent>;
    std::shared_ptr<const LiveBatch> make_batch(const std::string& owner,
                                                std::uint64_t after) const;
    int watchers(Place place) const;
    bool has_room(Place place) const;

    mutable std::mutex mutex_;
    std::condition_variable told_;
    std::condition_variable shut_;  // who rests is not woken by news
    std::deque<Event> events_;      // all under mutex_
    std::uint64_t last_ = 0;
    std::uint64_t gone_ = 0;    // up to which some are not kept
    std::uint64_t sealed_ = 0;  // up to which batches go
    Clock::time_point sealed_at_{};
    // Of the newest seal, by whose it is and where it begins.
    std::map<std::pair<std::string, std::uint64_t>, std::shared_ptr<const LiveBatch>> batches_;
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
