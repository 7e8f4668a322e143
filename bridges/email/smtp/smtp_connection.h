// SPDX-License-Identifier: Apache-2.0
// The socket of one SmtpSession: non-blocking, in clear or under TLS. One thread; nothing waits.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>

#include "bridges/email/mail_intake.h"
#include "bridges/email/smtp/smtp_listener.h"
#include "bridges/email/smtp/smtp_session.h"

namespace waypost::email {

// What all connections of one listener have in common.
struct Reception {
    ListenerOptions options;
    Office& office;
    SmtpOptions smtp;
    Poco::Net::Context::Ptr tls;
};

class SmtpConnection {
  public:
    // `on_verdicts` may be called by any thread: see MailIntake.
    SmtpConnection(const Poco::Net::StreamSocket& peer, const Reception& reception,
                   OnVerdicts on_verdicts);
    SmtpConnection(const SmtpConnection&) = delete;
    SmtpConnection& operator=(const SmtpConnection&) = delete;
    ~SmtpConnection();

    int fd() const { return fd_; }
    // Its mail is with the office: nothing is read until on_answer.
    bool waits() const { return session_.waits(); }
    // What of EPOLLIN and EPOLLOUT it can use now.
    std::uint32_t wants() const;

    // Each reads and writes what goes without waiting. False: the conversation is over. Throws
    // Poco::Exception where the peer broke it off.
    bool greet();
    bool on_ready();  // only while it does not wait
    bool on_answer(const std::vector<Verdict>& verdicts);

  private:
    bool say(const std::string& text);
    bool flush();
    bool handshake();

    const Reception& reception_;
    Poco::Net::StreamSocket wire_;
    int fd_;
    MailIntake intake_;
    SmtpSession session_;
    std::string out_;  // not yet taken by the socket
    bool handshaking_ = false;
};

}  // namespace waypost::email
