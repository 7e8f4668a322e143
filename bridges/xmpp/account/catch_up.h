// SPDX-License-Identifier: Apache-2.0
// What came for the account while no session of ours was there (XEP-0313): after each new session
// the server's archive is read from where it was read before, fifty at a time. A server without an
// archive keeps what came as offline messages, or not at all. On the stream's thread.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

class CatchUp {
  public:
    using Send = std::function<void(Element)>;

    // All outlive it.
    CatchUp(TransportState& state, Random& random, const Clock& clock, Jid account, Send send);

    void start();  // of a new session, behind its presence
    bool busy() const { return !query_.empty(); }
    // An IQ that answers; true: it was for this.
    bool answer(const Element& iq);
    // A message of the archive, as it came then; nullopt: it is none, or one that we sent.
    std::optional<Element> archived(const Element& message);
    static bool is_archived(const Element& message);

    // The id that the account's server gave this message in its archive; empty: none.
    std::string id_of(const Element& message) const;
    // Of messages as they come; of archived ones by itself. False: it was there before.
    bool is_new(const std::string& id);
    void took(const std::string& id);  // the office has it: the archive is read up to there

  private:
    void ask(std::optional<std::string> after, std::int64_t since = 0);
    void keep(const std::string& id);
    bool from_server(const Element& stanza) const;

    TransportState& state_;
    Random& random_;
    const Clock& clock_;
    const Jid account_;
    const Send send_;
    std::string query_;      // id of the one that is open
    bool baseline_ = false;  // it asks for the newest only
    bool by_time_ = false;
    std::set<std::string> known_;  // of the last ids
    std::deque<std::string> order_;
};

}  // namespace waypost::xmpp
