// SPDX-License-Identifier: Apache-2.0
// The client side of POP3 (RFC 1939) with STLS (RFC 2595) and UIDL. A mail passes through in
// pieces, whatever its size. One thread. After an error of the line or the protocol (Network,
// Timeout, BadInput) the connection is of no use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bridges/email/mailbox/mail_wire.h"
#include "bridges/email/mailbox/mailbox_login.h"

namespace waypost::email {

class Pop3Client {
  public:
    Pop3Client(std::unique_ptr<MailWire> wire, const ProviderServer& server);

    // Greeting, STLS, login.
    Result<void> open(const MailboxLogin& login);

    struct Listed {
        int number = 0;  // in this session
        std::uint64_t bytes = 0;
        std::string uidl;
    };
    // In the server's order, oldest first; at most 100,000.
    Result<std::vector<Listed>> list();
    // Header only; servers need not know TOP.
    Result<std::string> top(int number);
    // Begins a mail: more() gives it piece by piece with CRLF, and an empty piece at its end. All
    // of it must be read before the next command.
    Result<void> retrieve(int number);
    Result<std::string> more();
    // Goes with quit(), not before.
    Result<void> erase(int number);
    Result<void> quit();
    void cut() noexcept { wire_->cut(); }  // any thread, while it lives

  private:
    Result<std::string> read_line();
    Result<std::string> ask(const std::string& command, bool login = false);
    Result<std::string> log_in(const MailboxLogin& login);
    Result<std::vector<std::string>> lines(const std::string& command);
    // One line of a long answer, dots unstuffed; nullopt in `end`: it was the last.
    Result<std::string> long_line(bool& end);

    std::unique_ptr<MailWire> wire_;
    const ProviderServer server_;
    std::string buffer_;  // from at_: read, and not looked at
    std::size_t at_ = 0;
    bool ended_ = true;  // no mail is being read
};

}  // namespace waypost::email
