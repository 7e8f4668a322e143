// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/dress.h"

#include "bridges/email/mime/pass_on.h"

namespace waypost::email {

Dress::Dress(std::unique_ptr<const DkimSigner> signer, std::shared_ptr<const Srs> srs,
             std::string domain)
    : signer_(std::move(signer)), srs_(std::move(srs)), domain_(std::move(domain)) {}

Result<void> Dress::put_on(MailToSend& mail, const Delivery& /*delivery*/, WallTime now) const {
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
