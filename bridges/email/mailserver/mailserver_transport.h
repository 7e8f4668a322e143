// SPDX-License-Identifier: Apache-2.0
// Mail into the mailboxes of this box: by LMTP to the Dovecot beside it. It is the network "email"
// under the scheme "mailbox", so that what came as a mail gets there byte for byte.
#pragma once

#include <string>

#include "bridges/email/mail_transport.h"
#include "bridges/email/relay.h"

namespace waypost::email {

class MailserverTransport final : public MailTransport {
  public:
    MailserverTransport(TransportId id, int lmtp_port);
    ~MailserverTransport() override;

    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;

  private:
    const RelayTarget target_;
    Relay dovecot_;
    Office* office_ = nullptr;
};

TransportKind mailserver_kind();

}  // namespace waypost::email
