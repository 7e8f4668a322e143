// SPDX-License-Identifier: Apache-2.0
// What a mail gets on before it leaves, whichever way it goes: the envelope sender of a forwarded
// one (SRS) and our signature (DKIM). An account at a provider wants another one. Any thread.
#pragma once

#include <memory>
#include <string>

#include "bridges/email/dkim_signer.h"
#include "bridges/email/smtp_client.h"
#include "bridges/email/srs.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

class Dress {
  public:
    // Either may be null: then that is not done.
    Dress(std::unique_ptr<const DkimSigner> signer, std::shared_ptr<const Srs> srs,
          std::string domain);

    virtual ~Dress() = default;
    virtual Result<void> put_on(MailToSend& mail, const Delivery& delivery, WallTime now) const;
    // It left like that.
    virtual void sent(const MailToSend& /*mail*/) const {}

    // An envelope sender outside becomes an address of ours that leads back to him; the null
    // sender and addresses of ours stay.
    void forward(MailToSend& mail, WallTime now) const;

    // Puts a signature before the mail if its From is ours to sign for.
    Result<void> sign(MailToSend& mail) const;

  private:
    std::unique_ptr<const DkimSigner> signer_;
    std::shared_ptr<const Srs> srs_;
    std::string domain_;
};

}  // namespace waypost::email
