// SPDX-License-Identifier: Apache-2.0
// An account that exists on somebody's server, for a village without a domain or for one person:
// the gateway signs in and speaks for its people through it. See README.md here.
//
// Custody: the server is told that a message may be forgotten (XEP-0198) only behind the commit
// that holds it; a delivery is "sent" once the server has acknowledged it.
//
// Threads: the stream's, one that ticks, those that fetch files.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/xmpp/account/account_stream.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/message/incoming.h"
#include "bridges/xmpp/message/stanza_line.h"
#include "gateway/base/ticker.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::xmpp {

struct AccountTransportOptions {
    AccountOptions stream;
    std::string person;                        // handle; empty: shared
    std::chrono::seconds talk{7 * 24 * 3600};  // how long a talk goes on by itself
    IncomingOptions incoming;
};

class AccountTransport final : public Transport,
                               private AccountOwner,
                               private StanzaOut,
                               private StanzaLine {
  public:
    AccountTransport(TransportId id, AccountTransportOptions options);
    ~AccountTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override { return up_; }
    // A shared account comes behind every component; a person's own comes first, for her alone.
    std::optional<int> reach(const Address& to) const override;
    std::optional<int> reach_from(const std::string& sender, const Address& to) const override;
    void stop() override;
    void give_back() override;

  private:
    struct Parts;

    // AccountOwner
    void account_up(bool resumed, const Jid& own) override;
    void account_down(const Down& why, milliseconds again) override;
    void account_lost() override;
    void account_stanza(Element stanza) override;
    void account_passed_over(StanzaHead head) override;
    bool account_settle() override;
    void account_room() override;
    // StanzaOut, StanzaLine
    void send(Element stanza) override;
    Sent write(const Element& stanza) override;
    Sent barrier(std::function<void(bool)> done) override;

    bool shared() const { return options_.person.empty(); }
    void message(const Element& stanza);
    void letter(const Element& stanza, Chat chat, const Jid& from, const std::string& archive_id);
    void tell_how(const Element& stanza, const Jid& from);
    void iq(const Element& stanza);
    void presence(const Element& stanza);
    void show_presence();
    void say_status(bool up, const std::string& why);

    const TransportId id_;
    AccountTransportOptions options_;
    Office* office_ = nullptr;
    std::unique_ptr<Parts> parts_;
    std::atomic<std::uint64_t> for_nobody_{0};  // messages that did not say for whom

    std::atomic<bool> up_{false};
    mutable std::mutex why_mutex_;  // of `why_`, and of changing both
    std::string why_;

    std::mutex wait_mutex_;  // of all below
    std::condition_variable wait_changed_;
    bool open_ = false;  // the office has not answered for all that it was given
    bool stopping_ = false;

    Ticker ticker_;
};

TransportKind xmpp_account_kind();

}  // namespace waypost::xmpp
