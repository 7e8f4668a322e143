// SPDX-License-Identifier: Apache-2.0
// The component protocol (XEP-0114) without I/O, clock or threads: bytes and time in, bytes and
// events out. One object per connection, one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridges/xmpp/stream/element.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

// Why a stream ended, or did not come up.
enum class DownKind {
    Network,   // not reached, or lost without a word
    Secret,    // secret or name are not those of the server's settings
    Conflict,  // somebody else is connected as this component
    Closed,    // the server closed the stream: it stops or starts anew
    Protocol,  // a stream error, from either side
    Silent,    // the server did not answer in time
    Stopped,   // by us
};
const char* to_string(DownKind kind);  // "network"

struct Down {
    DownKind kind = DownKind::Network;
    std::string text;         // for the operator: what is wrong and what to do
    std::string condition{};  // of a stream error (RFC 6120 4.9.3), else empty
};

struct SessionOptions {
    std::string domain;  // the component's own: gw.example
    std::string secret;
    StreamLimits limits;
    milliseconds opening{20'000};  // until the server has taken the handshake
    milliseconds silence{60'000};  // nothing was heard: ask whether the server still lives
    milliseconds answer{30'000};   // a ping was not answered, and nothing else came either
};

// Called inside feed(), tick() and end().
class SessionEvents {
  public:
    virtual ~SessionEvents() = default;
    virtual void session_up() = 0;
    virtual void session_stanza(Element stanza) = 0;
    virtual void session_passed_over(StanzaHead head) = 0;
    virtual void session_down(const Down& why) = 0;  // the last call
};

// SHA-1 of id and secret in lower-case hex: XEP-0114 section 3.
std::string handshake_digest(std::string_view id, std::string_view secret);

// A ping (XEP-0199) from the component to itself by way of the server. Both Prosody and ejabberd
// handle a component's stanzas one after the other, so when it comes back, everything written
// before it was taken. Values; a copy may be used by any thread.
class Pings {
  public:
    Pings() = default;
    // `mark` begins their ids; nobody else knows it, so nobody else can answer.
    Pings(std::string_view domain, std::string mark);
    void write(std::string& out, std::uint64_t number) const;
    // True if the stanza is such a ping, come back in whatever form; then with its number.
    bool read(const Element& stanza, std::uint64_t& number) const;

  private:
    std::string mark_, before_, after_;
};

class ComponentSession final : private StreamEvents {
  public:
    // The first bytes are in output() at once. `options` and `events` live longer.
    ComponentSession(const SessionOptions& options, SessionEvents& events, Random& random,
                     BoxTime now);

    // False: the session is over; write what output() still gives and hang up.
    bool feed(std::string_view bytes, BoxTime now);
    // To be called at next_tick() at the latest. False as feed().
    bool tick(BoxTime now);
    BoxTime next_tick() const;
    // Nobody reads at present: the server's silence means nothing.
    void not_listening(BoxTime now) { heard_ = now; }

    // The connection is gone, or we close it. Nothing happens if it is over already.
    void end(const Down& why);

    bool up() const { return phase_ == Phase::Up; }
    bool over() const { return phase_ == Phase::Over; }

    // Numbers from 1, rising. pinged(): one more is about to be written.
    const Pings& pings() const { return pings_; }
    void pinged(std::uint64_t number, BoxTime now);
    // The highest that came back: so did all before it.
    std::uint64_t answered() const { return answered_; }

    // What the session itself has to say. The caller writes it and takes it out. Stanzas go behind
    // it, and only while up().
    std::string& output() { return out_; }

  private:
    enum class Phase { Opening, Handshaking, Up, Over };
    void stream_opened(const Element& header) override;
    void stream_stanza(Element stanza) override;
    void stream_passed_over(StanzaHead head) override;
    void stream_closed() override;
    void stream_failed(StreamError error) override;
    void handshake_answer(const Element& element);
    void peer_error(const Element& error);
    bool unanswered() const { return probing_ || answered_ < asked_; }

    const SessionOptions& options_;
    SessionEvents& events_;
    StreamParser parser_;
    const Pings pings_;
    Phase phase_ = Phase::Opening;
    std::string out_;
    const BoxTime open_until_;
    BoxTime heard_;  // when bytes last came
    BoxTime asked_at_{};
    bool probing_ = false;  // the silence is being asked about
    std::uint64_t asked_ = 0;
    std::uint64_t answered_ = 0;
};

}  // namespace waypost::xmpp
