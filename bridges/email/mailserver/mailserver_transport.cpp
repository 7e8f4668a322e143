// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/mailserver_transport.h"

namespace waypost::email {
namespace {

constexpr int kConnections = 2;

RelayTarget dovecot(int port) {
    RelayTarget target;
    target.host = "127.0.0.1";
    target.port = port;
    target.lmtp = true;
    target.last = true;
    target.security = RelayTarget::Security::Plain;
    return target;
}

}  // namespace

MailserverTransport::MailserverTransport(TransportId id, int lmtp_port)
    : MailTransport(std::move(id), "mailbox"),
      target_(dovecot(lmtp_port)),
      dovecot_(target_.host + ':' + std::to_string(lmtp_port), kConnections) {}
MailserverTransport::~MailserverTransport() { stop(); }

void MailserverTransport::start(Office& office) {
    office_ = &office;
    dovecot_.start(office, std::make_unique<FixedOpener>(target_, Login{}, office.domain()),
                   std::make_shared<Dress>(nullptr, nullptr, office.domain()));
}

void MailserverTransport::stop() { dovecot_.stop(); }

// Pictures of a chat or a post too, which become parts of a mail.
Limits MailserverTransport::limits() const { return {0, Relay::window(kConnections), false, true}; }

std::optional<int> MailserverTransport::reach(const Address& to) const {
    return is_mailbox(to) ? std::optional<int>(1) : std::nullopt;
}

void MailserverTransport::deliver(Delivery delivery) {
    delivery.to = mailto(delivery.to.value, office_->domain());
    // A villager may always answer a villager.
    if (delivery.from.domain() == office_->domain() && !delivery.list) delivery.reply_to = {};
    dovecot_.deliver(std::move(delivery));
}

Status MailserverTransport::status() const {
    Status status;
    status.up = office_ != nullptr;
    status.why = dovecot_.problem();
    status.details["delivered"] = std::to_string(dovecot_.sent());
    status.details["queued"] = std::to_string(dovecot_.queued());
    status.metrics["waiting"] = static_cast<double>(dovecot_.queued());
    return status;
}

}  // namespace waypost::email
