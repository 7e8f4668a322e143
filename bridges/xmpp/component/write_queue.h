// SPDX-License-Identifier: Apache-2.0
// What is waiting to be written to one stream after another, and who waits for its barriers. Any
// thread. Nothing of one stream is ever written to the next.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/component/component_session.h"

namespace waypost::xmpp {

enum class Sent {
    Queued,  // will be written if the stream lives; a barrier says whether it was taken
    Full,    // try again after component_room()
    Down,    // no stream
};

using BarrierDone = std::function<void(bool)>;

class WriteQueue {
  public:
    explicit WriteQueue(std::size_t limit) : limit_(limit) {}

    // `first`: nothing was waiting before, so the writer may be asleep.
    Sent send(std::string_view xml, bool& first);
    Sent barrier(BarrierDone done, bool& first);
    bool open() const;
    std::size_t bytes() const;  // waiting, or taken and not yet written
    std::uint64_t barriers() const;

    // The rest is for the one thread that writes.
    void begin(const Pings& pings);
    // Everything that waits, into an empty string; the highest number of a ping in it or before it.
    std::uint64_t take(std::string& out);
    void written(std::size_t bytes);
    // True once after somebody was told Full: half of the queue is free.
    bool has_room();
    // Those of the pings up to this number.
    std::vector<BarrierDone> answered(std::uint64_t number);
    // No stream any more: all that wait for a barrier.
    std::vector<BarrierDone> end();

  private:
    mutable std::mutex mutex_;
    const std::size_t limit_;
    bool open_ = false;
    Pings pings_;
    std::string waiting_;
    std::size_t taken_ = 0;
    std::uint64_t last_ping_ = 0;
    std::uint64_t barriers_ = 0;
    bool ping_waits_ = false;  // the last in waiting_ is the ping of last_ping_
    bool refused_ = false;
    struct Waiter {
        std::uint64_t number;
        BarrierDone done;
    };
    std::deque<Waiter> waiters_;
};

}  // namespace waypost::xmpp
