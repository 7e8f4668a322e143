// SPDX-License-Identifier: Apache-2.0
// Mail in by SMTP and LMTP listeners, mail out by relays: a relay of its own for a domain that has
// one, else the smarthost or each domain's own hosts. Threads: one per session (listener), one per
// connection to a relay.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "bridges/email/direct/direct_sender.h"
#include "bridges/email/mail_transport.h"
#include "bridges/email/relay.h"
#include "bridges/email/smtp/smtp_listener.h"

namespace waypost::email {

struct EmailOptions {
    std::vector<ListenerOptions> listeners;
    RelayTarget smarthost;                      // host empty: mail leaves by `relays` only
    std::map<std::string, RelayTarget> relays;  // domain -> its own relay
    Login login;                                // for the smarthost
    int connections = 4;                        // to each relay
    std::optional<DirectOptions> direct;        // without a smarthost
    std::string dkim_selector;                  // empty: nothing is signed
    std::string dkim_domain;                    // empty: the box's
    Secret dkim_key;
    Secret srs_secret;      // empty: senders of forwarded mail are not rewritten
    bool autocrypt = true;  // keys for our addresses, opening and sealing
};

class EmailTransport final : public MailTransport {
  public:
    EmailTransport(TransportId id, EmailOptions options);
    ~EmailTransport() override;

    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;

    Result<std::string> invite(const Address& own, const std::string& name) override;

    std::vector<int> ports() const;  // of the listeners, in order

  private:
    Relay* add_relay(const RelayTarget& target);
    Relay* relay_for(const Address& to) const;
    std::shared_ptr<const Dress> dress(const std::shared_ptr<const Srs>& srs);
    void start_relays(const std::shared_ptr<const Dress>& dress);

    EmailOptions options_;
    Office* office_ = nullptr;
    std::unique_ptr<openpgp::Encryption> encryption_;  // outlives what follows
    std::vector<std::unique_ptr<SmtpListener>> listeners_;
    std::vector<std::unique_ptr<Relay>> relays_;
    std::vector<RelayTarget> targets_;  // of relays_, in order
    std::map<std::string, Relay*> by_domain_;
    Relay* smarthost_ = nullptr;
    std::unique_ptr<DirectSender> direct_;
};

TransportKind email_kind();

}  // namespace waypost::email
