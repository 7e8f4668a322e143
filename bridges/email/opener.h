// SPDX-License-Identifier: Apache-2.0
// Where a Relay gets its conversations from: always the same machine, or whichever of a domain's
// mail hosts answers.
#pragma once

#include <functional>
#include <memory>

#include "bridges/email/smtp/smtp_client.h"

namespace waypost::email {

// SmtpClient::open, so that the relay can cut it meanwhile.
using OpenClient = std::function<Result<void>(SmtpClient&)>;

// Any thread; several at once.
class Opener {
  public:
    virtual ~Opener() = default;
    // A conversation ready for mails. Blocks. An Error without retry: never; its text is for the
    // sender, its code as mail_hosts says (direct/mx.h). With retry: later.
    virtual Result<std::unique_ptr<SmtpClient>> open(const OpenClient& open_client) = 0;
};

class FixedOpener final : public Opener {
  public:
    FixedOpener(RelayTarget target, Login login, std::string own_name)
        : target_(std::move(target)), login_(std::move(login)), own_name_(std::move(own_name)) {}
    // Its errors are of settings or of the network: no fault of a mail, so always with retry.
    Result<std::unique_ptr<SmtpClient>> open(const OpenClient& open_client) override;

  private:
    const RelayTarget target_;
    const Login login_;
    const std::string own_name_;
};

}  // namespace waypost::email
