// SPDX-License-Identifier: Apache-2.0
// The village as a component of an XMPP server (XEP-0114): every person, group and correspondent
// has an address at its domain. Here the parts meet: the stream, letters in and out, presence,
// services, rooms. Threads: the stream's, one that ticks, those that fetch files.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/xmpp/component/component_stream.h"
#include "bridges/xmpp/component/unsent.h"
#include "bridges/xmpp/message/incoming.h"
#include "bridges/xmpp/message/stanza_line.h"
#include "gateway/base/secret.h"
#include "gateway/base/ticker.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::xmpp {

struct XmppOptions {
    std::string host = "127.0.0.1";
    int port = 5347;
    std::string domain;    // of the component; empty: the box's
    std::string accounts;  // whose accounts bear the names of people here; empty: none
    Secret secret;
    IncomingOptions incoming;
};

class XmppTransport final : public Transport,
                            private ComponentOwner,
                            private StanzaOut,
                            private StanzaLine {
  public:
    XmppTransport(TransportId id, XmppOptions options);
    ~XmppTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override { return up_; }
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;

  private:
    struct Parts;

    // ComponentOwner
    void component_up() override;
    void component_down(const Down& why, milliseconds again) override;
    void component_stanza(Element stanza) override;
    void component_passed_over(StanzaHead head) override;
    void component_room() override;
    // StanzaOut, StanzaLine
    void send(Element stanza) override;
    Sent write(const Element& stanza) override;
    Sent barrier(std::function<void(bool)> done) override;

    bool send_waiting();  // false: there was not room for all
    void message(const Element& stanza);
    void presence(const Element& stanza);
    void iq(const Element& stanza);
    void tick();

    const TransportId id_;
    XmppOptions options_;
    Office* office_ = nullptr;
    std::unique_ptr<Parts> parts_;

    std::mutex turns_;  // the parts take stanzas and ticks one at a time

    std::mutex line_mutex_;  // of the two below
    Unsent unsent_;          // goes before anything new
    std::uint64_t dropped_ = 0;

    std::atomic<bool> up_{false};
    mutable std::mutex why_mutex_;  // of `why_`, and of changing both
    std::string why_;

    int ticks_ = 0;  // of the ticker's thread alone
    Ticker ticker_;
};

TransportKind xmpp_kind();

}  // namespace waypost::xmpp
