// SPDX-License-Identifier: Apache-2.0
// The connection of one account to its server (RFC 6120, as a client): TLS, signing in, a session
// that outlives the connection (XEP-0198). What was sent and not acknowledged when the line is cut
// is sent again once the session goes on, in its order; what came and was not acknowledged comes
// again. Only when the session itself is gone is the owner told so, for then nobody knows.
//
// Threads: one, which connects, reads, writes and calls the owner.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "bridges/xmpp/account/sent_list.h"
#include "bridges/xmpp/component/component_session.h"
#include "bridges/xmpp/component/reconnect.h"
#include "bridges/xmpp/component/write_queue.h"
#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/secret.h"

namespace waypost::xmpp {

inline constexpr std::string_view kClientSpace = "jabber:client";

struct AccountOptions {
    Jid account;           // bare
    std::string resource;  // of the first session. Another of the same name is ended by the server
    Secret password;
    std::string host;                    // empty: as the domain's DNS says (SRV)
    int port = 0;                        // 0: 5222
    std::string ca_file;                 // PEM; empty: the system's authorities
    bool unverified = false;             // TLS with whoever answers
    ReconnectOptions reconnect;          // "refused" are a wrong password and a taken place
    milliseconds silence{60'000};        // nothing was heard: ask whether the server still lives
    milliseconds answer{30'000};         // and it does not
    std::size_t queue_bytes = 1u << 20;  // sent and not acknowledged
    StreamLimits limits;                 // of one stanza
};

// All on the stream's thread, one at a time; they may call everything of AccountStream but stop().
class AccountOwner {
  public:
    virtual ~AccountOwner() = default;
    // `resumed`: the session of before goes on, and nothing is lost. Else it is a new one, of which
    // the server knows nothing yet, bound to `own`.
    virtual void account_up(bool resumed, const Jid& own) = 0;
    // The connection ended, or an attempt failed; the next comes in `again`. The session may live.
    virtual void account_down(const Down& why, milliseconds again) = 0;
    // The session is gone. All barriers that were open have been told so before.
    virtual void account_lost() = 0;
    virtual void account_stanza(Element stanza) = 0;
    // Over a limit: its sender still waits for an answer.
    virtual void account_passed_over(StanzaHead head) = 0;
    // Waits until everything that account_stanza() was given is in custody, and says so: the server
    // is about to be told that it may forget it. False: it is not, and will not be; then the server
    // is told nothing any more.
    virtual bool account_settle() = 0;
    // send() said Full before and the list is half empty now.
    virtual void account_room() {}
};

struct AccountCounters {
    std::uint64_t sessions = 0, resumed = 0;
    std::uint64_t stanzas_in = 0, stanzas_out = 0;
    std::uint64_t repeated = 0;  // stanzas written again when a session went on
    std::uint64_t passed_over = 0;
};

class AccountStream {
  public:
    virtual ~AccountStream() = default;  // stop()
    virtual void start() = 0;
    // Leaves the server in good order if that goes within a second, and joins the thread.
    virtual void stop() = 0;

    // Any thread. As ComponentStream's; also while the line is cut, as long as the session lives.
    virtual Sent send(const Element& stanza) = 0;
    virtual Sent barrier(BarrierDone done) = 0;
    virtual AccountCounters counters() const = 0;
};

// By libstrophe. `owner`, `clock` and `random` live longer. Throws std::runtime_error if this
// Waypost was built without.
std::unique_ptr<AccountStream> new_account_stream(AccountOptions options, AccountOwner& owner,
                                                  const Clock& clock, Random& random);
bool has_account_streams();  // built with it

}  // namespace waypost::xmpp
