// SPDX-License-Identifier: Apache-2.0
// The receiving side of SMTP (RFC 5321) and LMTP (RFC 2033) without I/O: bytes in, replies out.
// STARTTLS (RFC 3207), PIPELINING (2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531),
// ENHANCEDSTATUSCODES (2034), DSN (3461). One object per connection, one thread at a time. A mail's
// verdicts may come later than its last byte; until they do, nothing behind it is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/transport.h"

namespace waypost::email {

struct SmtpOptions {
    bool lmtp = false;
    bool tls_offered = false;
    std::string host_name;  // in greeting and EHLO reply
    std::size_t max_message_bytes = 20u << 20;
    std::size_t max_recipients = 100;
    int max_errors = 20;  // then 421
};

struct Envelope {
    std::optional<Address> from;  // nullopt: the null sender <>
    std::vector<Address> to;
    std::vector<Wish> wishes{};  // of each in `to`
    std::string envelope_id{};
};

// Who keeps the mail. Called on the session's thread.
class MailSink {
  public:
    virtual ~MailSink() = default;
    virtual Verdict check(const Envelope& so_far, const Address& recipient, std::size_t size) = 0;
    // A piece of the message, dots unstuffed. False: no more is wanted (the rest is read and lost).
    virtual bool body(std::string_view bytes) = 0;
    // One verdict per recipient; nullopt: they come by SmtpSession::answer, after the commit.
    virtual std::optional<std::vector<Verdict>> finish(const Envelope& envelope) = 0;
    virtual void abandon() = 0;  // the body so far is not a mail
};

class SmtpSession {
  public:
    SmtpSession(SmtpOptions options, MailSink& sink);

    std::string greeting() const;
    // Takes bytes, gives the replies to them, in order. After close() says true, send what came
    // and hang up. After wants_tls(), send it, do the handshake, call tls_started().
    std::string feed(std::string_view bytes);
    // A mail is with the sink: feed nothing, call answer() with what became of it.
    bool waits() const { return phase_ == Phase::Handed; }
    // The replies to it and to what the peer had sent ahead.
    std::string answer(const std::vector<Verdict>& verdicts);
    bool close() const { return close_; }
    bool wants_tls() const { return wants_tls_; }
    void tls_started();
    // The peer went away: what was not finished is abandoned.
    void gone();

  private:
    enum class Phase { Command, Data, Handed };
    void take(std::string_view bytes);
    void command(std::string_view line);
    void hello(std::string_view verb, std::string_view name);
    void mail(std::string_view rest);
    void rcpt(std::string_view rest);
    void data();
    void reset();
    std::size_t take_data(std::string_view bytes);
    void end_of_data();
    void reply_all(const std::vector<Verdict>& verdicts);
    void body(std::string_view bytes);
    void reply(int code, std::string_view text);
    void refuse(int code, std::string_view text);
    void reply_verdict(const Verdict& verdict);

    SmtpOptions options_;
    MailSink& sink_;
    Phase phase_ = Phase::Command;
    std::string line_;  // an unfinished command line
    bool line_too_long_ = false;
    std::string ahead_;  // sent behind a mail that waits for its verdicts
    std::string out_;
    bool greeted_ = false;
    bool in_tls_ = false;
    bool wants_tls_ = false;
    bool close_ = false;
    bool has_sender_ = false;
    Envelope envelope_;
    std::size_t announced_size_ = 0;
    int errors_ = 0;
    // DATA: how much of CR LF . CR LF the bytes so far end with.
    int end_match_ = 0;
    std::size_t data_bytes_ = 0;
    bool too_large_ = false;
    bool sink_full_ = false;
};

// "250 2.0.0" and so on for a verdict: the code, the enhanced code and a sentence.
std::string smtp_reply(const Verdict& verdict);

}  // namespace waypost::email
