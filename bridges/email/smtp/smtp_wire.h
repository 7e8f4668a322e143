// SPDX-License-Identifier: Apache-2.0
// A connection for the sending side: lines in, bytes out, TLS on request. One thread, but cut().
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/base/result.h"

namespace waypost::email {

class SmtpWire {
  public:
    virtual ~SmtpWire() = default;
    // Each piece of 16 KiB must be taken within 3 minutes (RFC 5321 4.5.3.2.5).
    virtual Result<void> write(std::string_view bytes) = 0;
    // One line without its end, at most 4 KiB, all of it within `timeout`: whoever sends a byte now
    // and then gains no time by it. What came before in the same packet counts as in time.
    virtual Result<std::string> read_line(std::chrono::milliseconds timeout) = 0;
    virtual Result<void> start_tls() = 0;
    virtual void cut() noexcept = 0;  // wakes whoever waits in here, with an error
};

struct RelayTarget {
    std::string host;
    int port = 25;
    // Opportunistic: TLS where it is offered, with whoever answers (RFC 7435); else in clear.
    enum class Security { Plain, Opportunistic, StartTls, Tls } security = Security::StartTls;
    bool lmtp = false;
    // It is on this box and keeps the recipients' mailboxes: what it took is delivered.
    bool last = false;
    std::string ca_file;  // empty: the system's
    std::string address;  // to connect to, where `host` is only the name to verify; empty: `host`
};

// "smtp:host:port", "lmtp:host:port", "smtps:host:port"; the section's `security` says the rest.
Result<RelayTarget> parse_relay(const std::string& text);

Result<std::unique_ptr<SmtpWire>> connect(const RelayTarget& target);

}  // namespace waypost::email
