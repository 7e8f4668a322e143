// SPDX-License-Identifier: Apache-2.0
// The sending side of SMTP submission and LMTP (RFC 5321, 6409, 2033) over a wire. One thread; a
// connection carries many mails.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bridges/email/smtp/smtp_wire.h"
#include "gateway/base/secret.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

struct Login {
    std::string user;  // empty: none
    Secret password;
    std::string secret_file;  // set: read for each login instead of `password`
    bool oauth = false;       // it is an OAuth 2 access token: XOAUTH2
};

struct MailToSend {
    std::string envelope_from;  // empty: the null sender
    std::string envelope_to;
    std::string bytes;  // CRLF line ends, not dot-stuffed
    // What the peer is asked to tell of it, where it can (DSN, RFC 3461); nullopt: nothing is said.
    std::optional<Wish> wish{};
    std::string envelope_id{};
    // Its text is sealed: by us (ToRecipient) or by who wrote it (EndToEnd). None: as the line is.
    std::optional<Privacy> privacy{};
};

class SmtpClient {
  public:
    using Now = std::function<std::chrono::steady_clock::time_point()>;

    // The wire is connected (and in TLS, for implicit TLS). `login` outlives the client. `now` is
    // what replies are waited by.
    SmtpClient(std::unique_ptr<SmtpWire> wire, const RelayTarget& target, std::string own_name,
               const Login& login, Now now = std::chrono::steady_clock::now);

    // Greeting, EHLO, STARTTLS, AUTH. An error means: no mail was tried.
    Result<void> open();
    // One mail, one recipient. Exactly one outcome; after a lost connection healthy() is false.
    Outcome send(const MailToSend& mail);
    bool healthy() const { return healthy_; }
    bool in_tls() const { return in_tls_; }
    // open() failed for want of TLS: not offered (Code::Refused), or it could not be made. Where
    // TLS is not insisted on, the same peer is worth a try in clear.
    bool tls_failed() const { return tls_failed_; }
    // Stands behind the peer's words in the outcome of what was sent: by which way it went.
    void set_way(std::string way) { way_ = std::move(way); }
    void quit();
    // Ends a conversation that waits, as if the peer had gone. Any thread, while the client lives.
    void cut() { wire_->cut(); }

  private:
    struct Reply {
        int code = 0;
        std::string text;  // of the last line, enhanced code first
        std::string all;
    };
    // All lines of a reply within `timeout`.
    Result<Reply> read_reply(std::chrono::milliseconds timeout);
    Result<Reply> ask(const std::string& line, std::chrono::milliseconds timeout);
    Result<void> hello();
    Result<void> start_tls();
    Result<void> authenticate();
    bool offers(const char* extension) const;
    bool asks(const MailToSend& mail) const;
    Outcome refused(const Reply& reply, bool recipient);
    Outcome lost(const Error& error, bool after_dot);
    Privacy privacy_of(const MailToSend& mail) const;

    std::unique_ptr<SmtpWire> wire_;
    RelayTarget target_;
    std::string own_name_;
    const Login& login_;
    const Now now_;
    std::string extensions_;  // upper case, "\nSIZE 1\nPIPELINING\n"
    bool healthy_ = true;
    bool in_tls_ = false;
    bool tls_failed_ = false;
    std::string way_;
};

}  // namespace waypost::email
