// SPDX-License-Identifier: Apache-2.0
// Deliveries out, in the order in which they are handed over. Each is begun (on record), written,
// and reported as sent when the server has answered a ping behind it: the component protocol
// confirms nothing by itself. A barrier stands for all that was written before; the next one
// follows when it is answered, or after some dozens of letters; as many may be on their way in a
// new stream, and twice as many after each answer. Where a stream dies, what it had not confirmed
// is written again first, in its old order and under its old ids; nothing new overtakes it.
//
// Somebody on a server elsewhere (far.h) is behind that server's own ping. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/message/far.h"
#include "bridges/xmpp/message/stanza_line.h"
#include "bridges/xmpp/stanza_error.h"

namespace waypost::xmpp {

struct Chat;

struct OutgoingCounters {
    std::uint64_t sent = 0;      // reported as sent
    std::uint64_t repeats = 0;   // letters written again, under their old id
    std::uint64_t bounced = 0;   // that an error came back for
    std::uint64_t receipts = 0;  // of recipients, or of their programs
    std::uint64_t strange = 0;   // receipts and errors of somebody else than it went to: ignored
    std::size_t waiting = 0;     // in hand, now
};

class Outgoing {
  public:
    // A group's post to a member who is in its room, in that room's form (Rooms::posts). Empty: he
    // is not there, and gets it `as_chat`.
    using ToRoom = std::function<std::vector<Element>(const Delivery& post, const WireId& id,
                                                      const std::vector<Element>& as_chat)>;

    Outgoing(const Gate& gate, StanzaLine& line, FarOptions far = {});
    ~Outgoing();
    void set_rooms(ToRoom to_room);  // before the first delivery

    void deliver(Delivery delivery);

    void stream_up();
    void stream_down();
    void room();  // the line was full, and is not any more
    void tick();

    // What a message says of letters, by the three below. True: it is an error, and nothing more.
    bool heard(const Jid& from, const Chat& chat, const Element& stanza);
    // What came back. False: it is not about a letter.
    bool error(const Jid& from, const std::string& id, const StanzaError& error);
    void received(const Jid& from, const std::vector<std::string>& ids);
    void displayed(const Jid& from, const std::vector<std::string>& ids);
    // An IQ that answers; true: it was one of ours.
    bool answer(const Element& iq);

    // After the line is closed for good: everything in hand is reported, and what comes yet.
    void give_back();
    OutgoingCounters counters() const;

  private:
    struct State;
    void mark(const Jid& from, const std::vector<std::string>& ids, Proof::Kind kind);
    const std::shared_ptr<State> state_;  // callbacks of the office may come when we are gone
};

}  // namespace waypost::xmpp
