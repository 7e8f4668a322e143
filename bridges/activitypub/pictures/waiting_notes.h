// SPDX-License-Identifier: Apache-2.0
// Notes whose pictures are fetched before they go on, so that no server waits for another one's
// pictures before it is told that its note is here. Until then a note is kept in the state of the
// transport; a restart fetches again. What its author says meanwhile waits behind it, so that his
// words keep their order. Threads: a few of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridges/activitypub/pictures/waiting_note.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct WaitingLimits {
    int workers = 2;
    std::size_t notes = 200;
    std::size_t of_author = 20;
};

// All but start, stop and tick are for any thread.
class WaitingNotes {
  public:
    // Fetches the pictures of a message and attaches them; blocks.
    using Attach = std::function<void(Message&, const WaitingNote&)>;
    // Into custody. False: it is to be offered again, in some minutes. On a thread of WaitingNotes;
    // of one author one at a time, in order.
    using Hand = std::function<bool(Message)>;

    // What was left from before is there from the beginning, and goes first. Throws
    // std::runtime_error if it cannot be read.
    WaitingNotes(TransportState& state, const Clock& clock, TransportId transport, Attach attach,
                 WaitingLimits limits = {});
    ~WaitingNotes();  // stop()
    WaitingNotes(const WaitingNotes&) = delete;
    WaitingNotes& operator=(const WaitingNotes&) = delete;

    void start(Hand hand);
    // `cut`: ends what is being fetched, once nothing of that is handed over any more; it is
    // fetched again after the next start.
    void stop(const std::function<void()>& cut = {});
    void tick();  // looks at whose time has come

    bool holds(const Address& author) const;       // something of his waits
    bool has(const std::string& origin_id) const;  // this note waits
    bool take(WaitingNote note);                   // false: too much waits here
    // A note with its edits: it goes nowhere any more. False: it does not wait, or not any more.
    // Waits while it is being handed over.
    bool drop(const std::string& note_id);
    std::size_t waiting() const;

  private:
    struct Item {
        std::string key;  // in the state
        WaitingNote note;
        bool handing = false, dropped = false, done = false;
    };
    struct Author {
        std::deque<std::shared_ptr<Item>> items;
        bool at_work = false;
        BoxTime next{};
    };
    using Authors = std::map<std::string, Author>;  // by address
    void restore();
    void add(std::shared_ptr<Item> item);
    Authors::iterator next();
    void work();
    // With the lock, which it gives up meanwhile.
    void pass(std::unique_lock<std::mutex>& lock, Author& author, Item& item);

    TransportState& state_;
    const Clock& clock_;
    const TransportId transport_;
    const Attach attach_;
    const WaitingLimits limits_;
    Hand hand_;
    mutable std::mutex mutex_;  // of all below
    std::condition_variable changed_;
    Authors authors_;
    std::size_t count_ = 0;
    std::uint64_t last_key_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> workers_;
};

}  // namespace waypost::activitypub
