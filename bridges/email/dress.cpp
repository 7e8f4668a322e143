// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/dress.h"

#include "bridges/email/mime/pass_on.h"

namespace waypost::email {

Dress::Dress(std::unique_ptr<const DkimSigner> signer, std::shared_ptr<const Srs> srs,
             std::string domain, openpgp::Encryption* encryption)
    : signer_(std::move(signer)),
      srs_(std::move(srs)),
      domain_(std::move(domain)),
      encryption_(encryption) {}

void Dress::prepare(const Delivery& delivery) const {
    const bool letter = !delivery.automatic && !delivery.list;  // what a list sends is for many
    if (encryption_ != nullptr && letter) encryption_->prepare(delivery.from);
}

Result<void> Dress::put_on(MailToSend& mail, const Delivery& delivery, WallTime now) const {
    if (encryption_ != nullptr && !delivery.automatic && !delivery.list) {
        auto sealed = encryption_->dress(std::move(mail.bytes), delivery.from, delivery.to);
        if (!sealed.ok()) return sealed.error();
        mail.bytes = std::move(*sealed);
    }
    forward(mail, now);
    return sign(mail);
}

void Dress::forward(MailToSend& mail, WallTime now) const {
    if (!srs_ || mail.envelope_from.empty()) return;
    const auto sender = parse_address("mailto:" + mail.envelope_from);
    if (!sender.ok() || sender->domain() == domain_) return;
    // Too long to rewrite: the mail goes under the sender that it would have without SRS.
    if (const auto rewritten = srs_->forward(*sender, now); rewritten.ok())
        mail.envelope_from = rewritten->value;
}

Result<void> Dress::sign(MailToSend& mail) const {
    if (!signer_ || !signer_->signs_for(from_domain(mail.bytes))) return {};
    auto field = signer_->signature(mail.bytes);
    if (!field.ok()) return field.error();
    mail.bytes.insert(0, *field);
    return {};
}

}  // namespace waypost::email
