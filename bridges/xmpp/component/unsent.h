// SPDX-License-Identifier: Apache-2.0
// What the stream did not take, in order. While the line is full all of it waits; without a stream
// only refusals of messages do, for nobody else tells their senders. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "bridges/xmpp/component/write_queue.h"
#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

class Unsent {
  public:
    using Write = std::function<Sent(const Element&)>;
    static constexpr std::size_t kMost = 2000;
    static constexpr std::size_t kMostRefusals = 1000;  // without a stream

    // False: there is no room for it.
    bool send(Element stanza, const Write& write);
    // There is room in the line, or a new stream. False: not for all.
    bool go_on(const Write& write);
    void stream_down();
    std::size_t size() const { return waiting_.size(); }

  private:
    std::deque<Element> waiting_;
    bool down_ = true;
};

}  // namespace waypost::xmpp
