// SPDX-License-Identifier: Apache-2.0
// What a mail gets on before it leaves, whichever way it goes: the envelope sender of a forwarded
// one (SRS), its sender's key and seal (OpenPGP), and our signature (DKIM). An account at a
// provider wants another one. Any thread.
#pragma once

#include <memory>
#include <string>

#include "bridges/email/dkim_signer.h"
#include "bridges/email/openpgp/encryption.h"
#include "bridges/email/smtp/smtp_client.h"
#include "bridges/email/srs.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

class Dress {
  public:
    // Any may be null: then that is not done. `encryption` outlives it.
    Dress(std::unique_ptr<const DkimSigner> signer, std::shared_ptr<const Srs> srs,
          std::string domain, openpgp::Encryption* encryption = nullptr);

    virtual ~Dress() = default;
    // Before the attempt is put on record, so that what this makes is on disk with it.
    virtual void prepare(const Delivery& delivery) const;
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
    openpgp::Encryption* encryption_;
};

}  // namespace waypost::email
