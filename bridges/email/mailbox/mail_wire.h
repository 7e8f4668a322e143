// SPDX-License-Identifier: Apache-2.0
// A connection to a provider's IMAP or POP3 server. Every wait has an end. One thread, but cut().
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "bridges/email/mailbox/bell.h"
#include "gateway/base/result.h"

namespace waypost::email {

struct ProviderServer {
    enum class Kind { Imap, Pop3 } kind = Kind::Imap;
    enum class Security { Plain, StartTls, Tls } security = Security::Tls;
    std::string host;
    int port = 0;
    std::string ca_file;                        // empty: the system's authorities
    std::chrono::milliseconds timeout{60'000};  // for one answer
};

// "imaps:host:993", "imap:host:143", "pop3s:host:995", "pop3:host:110"; those without s use
// STARTTLS unless the section says plain.
Result<ProviderServer> parse_mail_server(const std::string& text);
// A password may go over it in clear: it does not leave this machine.
bool on_this_machine(const ProviderServer& server);

class MailWire {
  public:
    virtual ~MailWire() = default;
    // At least one byte, or an error: Code::Timeout after the server's timeout.
    virtual Result<std::size_t> read(char* into, std::size_t most) = 0;
    virtual Result<void> write(std::string_view bytes) = 0;
    virtual Result<void> start_tls() = 0;
    virtual Bell::Heard wait(Bell& bell, std::chrono::milliseconds time) = 0;
    virtual void cut() noexcept = 0;  // wakes whoever reads or writes, with an error; any thread
};

Result<std::unique_ptr<MailWire>> connect(const ProviderServer& server);

}  // namespace waypost::email
