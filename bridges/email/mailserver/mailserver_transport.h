// SPDX-License-Identifier: Apache-2.0
// Mail into the mailboxes of this box: by LMTP to the Dovecot beside it. It is the network "email"
// under the scheme "mailbox", so that what came as a mail gets there byte for byte.
#pragma once

#include <string>

#include "bridges/email/relay.h"
#include "gateway/transport_kind.h"

namespace waypost::email {

class MailserverTransport final : public Transport {
  public:
    MailserverTransport(TransportId id, int lmtp_port);
    ~MailserverTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;

  private:
    TransportId id_;
    const RelayTarget target_;
    Relay dovecot_;
    Office* office_ = nullptr;
};

TransportKind mailserver_kind();

}  // namespace waypost::email
