// SPDX-License-Identifier: Apache-2.0
// The connection of a component to its server (XEP-0114): one thread that connects, reads, writes
// and connects again. It has no memory beyond the connection: what was sent and not yet confirmed
// by a barrier when the stream dies may have been lost or not, and is the owner's to send again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bridges/xmpp/component/component_session.h"
#include "bridges/xmpp/component/reconnect.h"
#include "bridges/xmpp/component/write_queue.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

struct ComponentOptions {
    std::string host = "127.0.0.1";  // the protocol has no TLS: loopback, or a tunnel
    int port = 5347;
    SessionOptions session;
    ReconnectOptions reconnect;
    milliseconds connect_timeout{10'000};
    milliseconds write_timeout{30'000};  // the server takes nothing
    std::size_t queue_bytes = 1u << 20;  // written by send() and not yet by the socket
};

// All on the stream's thread, one at a time; they may call everything of ComponentStream but
// stop(). They must not block for long: nothing is read or pinged meanwhile.
class ComponentOwner {
  public:
    virtual ~ComponentOwner() = default;
    virtual void component_up() = 0;
    // The stream ended, or an attempt failed; the next comes in `again`. All barriers that were
    // open have been told so before.
    virtual void component_down(const Down& why, milliseconds again) = 0;
    virtual void component_stanza(Element stanza) = 0;
    // A stanza over a limit was read past. The sender still waits: owe him an error, not-acceptable
    // or policy-violation, if its type is neither error nor result.
    virtual void component_passed_over(StanzaHead head) = 0;
    // send() said Full before and the queue is half empty now.
    virtual void component_room() {}
};

struct ComponentCounters {
    std::uint64_t stanzas_in = 0, stanzas_out = 0;  // pings of ours are not counted
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::uint64_t passed_over = 0;
    std::uint64_t attempts = 0, connects = 0;  // connections tried, streams that came up
    std::uint64_t barriers = 0;                // pings sent for them
    std::size_t queued_bytes = 0;              // now
};

class ComponentStream {
  public:
    // `owner`, `clock` and `random` live longer. Nothing happens before start().
    ComponentStream(ComponentOptions options, ComponentOwner& owner, const Clock& clock,
                    Random& random);
    ~ComponentStream();  // stop()
    ComponentStream(const ComponentStream&) = delete;
    ComponentStream& operator=(const ComponentStream&) = delete;

    void start();
    // Ends the stream, writes what is queued if that goes within a second, joins the thread. Not
    // from the thread itself. Open barriers are told false, then component_down(Stopped) if there
    // was a stream, or an attempt at one.
    void stop();

    // The rest may be called from any thread.

    // Puts the stanza behind what was sent before. `from` and `to` are the caller's to set; a
    // stanza from a foreign domain makes the server close the stream.
    Sent send(const Element& stanza);

    // `done(true)` when the server has taken every stanza sent before, `done(false)` when the
    // stream died first; on the stream's thread, exactly once, if the answer is Queued. It never is
    // Full. Barriers with nothing sent between them share one ping.
    Sent barrier(BarrierDone done);

    // While paused nothing is read from the socket, so that the server feels it; what was read
    // already (64 KiB at most) still comes. Barriers cannot be answered meanwhile.
    void pause(bool paused);
    bool up() const;
    ComponentCounters counters() const;

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace waypost::xmpp
