// SPDX-License-Identifier: Apache-2.0
// What was sent in one session and not acknowledged, as the server counts it (XEP-0198 section 4):
// from 1, stanzas only. Barriers stand behind what was sent before them. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/component/write_queue.h"

namespace waypost::xmpp {

class SentList {
  public:
    explicit SentList(std::size_t most_bytes) : most_(most_bytes) {}

    bool open() const { return open_; }
    void begin();  // a new session; the list is empty
    // The session is gone: who waits for a barrier, to be told so.
    std::vector<BarrierDone> end();

    // Full: over the bytes, which does not hinder what goes `anyway`. Down: no session.
    Sent add(std::string xml, bool anyway = false);
    // Done once all that was added before is acknowledged.
    void barrier(BarrierDone done) { waiters_.push_back({last_, std::move(done)}); }
    std::uint64_t last() const { return last_; }

    // The next to be written; nullptr: none. Valid until the next call of another method.
    const std::string* next() const;
    void wrote();
    // Bytes that are written and not acknowledged.
    std::size_t on_the_way() const { return on_the_way_; }
    // Whatever is not acknowledged is to be written again. How many had been written.
    std::size_t write_again();

    // The server has handled so many. Whose barrier is reached. A number that it cannot have
    // handled counts as all that was written.
    std::vector<BarrierDone> acknowledged(std::uint64_t count);
    // True once after somebody was told Full: half of the list is free.
    bool has_room();

  private:
    struct Waiter {
        std::uint64_t behind;
        BarrierDone done;
    };
    const std::size_t most_;
    std::deque<std::string> stanzas_;  // the first has the number first_
    std::deque<Waiter> waiters_;
    std::uint64_t first_ = 1;
    std::uint64_t next_ = 1;  // to be written
    std::uint64_t last_ = 0;
    std::size_t bytes_ = 0;
    std::size_t on_the_way_ = 0;
    bool open_ = false;
    bool refused_ = false;
};

}  // namespace waypost::xmpp
