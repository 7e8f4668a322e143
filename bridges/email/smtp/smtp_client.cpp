// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_client.h"

#include <algorithm>

#include "bridges/email/mime/smtp_status.h"
#include "bridges/email/smtp/esmtp_parameters.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// RFC 5321 4.5.3.2, the waits a client must grant; shortened where a village relay is meant.
constexpr seconds kCommandWait{120};
constexpr minutes kFinalDotWait{10};
constexpr int kMostReplyLines = 100;

// RFC 5321 4.5.2
std::string stuffed(const std::string& bytes) {
    std::string out;
    out.reserve(bytes.size() + 64);
    bool line_start = true;
    for (const char c : bytes) {
        if (line_start && c == '.') out += '.';
        out += c;
        line_start = c == '\n';
    }
    if (out.size() < 2 || out.compare(out.size() - 2, 2, "\r\n") != 0) out += "\r\n";
    return out + ".\r\n";
}

}  // namespace

SmtpClient::SmtpClient(std::unique_ptr<SmtpWire> wire, const RelayTarget& target,
                       std::string own_name, const Login& login, Now now)
    : wire_(std::move(wire)),
      target_(target),
      own_name_(std::move(own_name)),
      login_(login),
      now_(std::move(now)) {}

Result<SmtpClient::Reply> SmtpClient::read_reply(std::chrono::milliseconds timeout) {
    Reply reply;
    const auto end = now_() + timeout;
    for (int i = 0; i < kMostReplyLines; ++i) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now_());
        if (left <= std::chrono::milliseconds(0))
            return Error{Code::Timeout, "the relay did not answer in time", true};
        auto line = wire_->read_line(left);
        if (!line.ok()) return line.error();
        const bool digits =
            line->size() >= 3 && std::all_of(line->begin(), line->begin() + 3,
                                             [](char c) { return c >= '0' && c <= '9'; });
        if (!digits) return bad_input("the relay does not speak SMTP");
        reply.code = std::stoi(line->substr(0, 3));
        reply.text = line->size() > 4 ? line->substr(4) : std::string();
        reply.all += reply.text + '\n';
        if (line->size() == 3 || (*line)[3] != '-') return reply;
    }
    return bad_input("the relay's reply does not end");
}

Result<SmtpClient::Reply> SmtpClient::ask(const std::string& line,
                                          std::chrono::milliseconds timeout) {
    const auto written = wire_->write(line + "\r\n");
    if (!written.ok()) return written.error();
    return read_reply(timeout);
}

bool SmtpClient::offers(const char* extension) const {
    return extensions_.find('\n' + std::string(extension)) != std::string::npos;
}

Result<void> SmtpClient::hello() {
    auto reply = ask((target_.lmtp ? "LHLO " : "EHLO ") + own_name_, kCommandWait);
    if (!reply.ok()) return reply.error();
    // RFC 5321 3.2: who does not know EHLO knows HELO, and then no extension.
    const bool unknown = reply->code == 500 || reply->code == 502 || reply->code == 504;
    const bool old = unknown && !target_.lmtp;
    if (old) {
        reply = ask("HELO " + own_name_, kCommandWait);
        if (!reply.ok()) return reply.error();
    }
    if (reply->code != 250)
        return Error{Code::Refused, "the relay refused EHLO: " + reply->text, true};
    extensions_ = old ? std::string() : '\n' + upper_ascii(reply->all);
    return {};
}

Result<void> SmtpClient::open() {
    auto greeting = read_reply(kCommandWait);
    if (!greeting.ok()) return greeting.error();
    if (greeting->code != 220)
        return Error{Code::Busy, "the relay is closed: " + greeting->text, true};
    if (auto said = hello(); !said.ok()) return said;
    if (auto tls = start_tls(); !tls.ok()) return tls;
    return login_.user.empty() ? Result<void>() : authenticate();
}

// STARTTLS (RFC 3207) as far as the target asks for it.
Result<void> SmtpClient::start_tls() {
    using Security = RelayTarget::Security;
    const bool if_offered = target_.security == Security::Opportunistic;
    if (!if_offered && target_.security != Security::StartTls) return {};
    if (!offers("STARTTLS")) {
        if (if_offered) return {};
        tls_failed_ = true;
        return Error{Code::Refused,
                     "the relay offers no TLS; set security = \"plain\" if that is meant", true};
    }
    auto reply = ask("STARTTLS", kCommandWait);
    if (!reply.ok()) return reply.error();
    if (reply->code != 220) {
        if (if_offered) return {};  // it said no and goes on in clear
        tls_failed_ = true;
        return Error{Code::Refused, "the relay refused TLS: " + reply->text, true};
    }
    auto tls = wire_->start_tls();
    tls_failed_ = !tls.ok();
    if (!tls.ok()) return tls;
    in_tls_ = true;
    return hello();
}

// AUTH PLAIN (RFC 4616), else LOGIN: what the relay offers.
Result<void> SmtpClient::authenticate() {
    if (target_.security == RelayTarget::Security::Plain && target_.host != "127.0.0.1" &&
        target_.host != "localhost") {
        return Error{Code::Refused, "no password is sent without TLS: set security", false};
    }
    Secret from_file;
    if (!login_.secret_file.empty()) {
        auto read = read_secret_file(login_.secret_file);
        if (!read.ok()) return read.error();
        from_file = std::move(*read);
    }
    const Secret& secret = login_.secret_file.empty() ? login_.password : from_file;
    const std::string password(secret.reveal());
    Result<Reply> reply = Reply{};
    if (login_.oauth) {
        const std::string one(1, '\1');
        const std::string token = "user=" + login_.user + one + "auth=Bearer " + password;
        reply = ask("AUTH XOAUTH2 " + to_base64(token + one + one), kCommandWait);
        if (reply.ok() && reply->code == 334) reply = ask("", kCommandWait);  // why it is refused
    } else if (extensions_.find("PLAIN") != std::string::npos) {
        const std::string zero(1, '\0');
        reply = ask("AUTH PLAIN " + to_base64(zero + login_.user + zero + password), kCommandWait);
    } else {
        reply = ask("AUTH LOGIN", kCommandWait);
        if (reply.ok() && reply->code == 334) reply = ask(to_base64(login_.user), kCommandWait);
        if (reply.ok() && reply->code == 334) reply = ask(to_base64(password), kCommandWait);
    }
    if (!reply.ok()) return reply.error();
    if (reply->code != 235) return Error{Code::Refused, "the relay refused the password", true};
    return {};
}

Outcome SmtpClient::refused(const Reply& reply, bool recipient) {
    Outcome outcome;
    const std::string code = enhanced_status(reply.text);
    const bool later = reply.code / 100 != 5;
    outcome.kind = later ? Outcome::Kind::Retry : Outcome::Kind::Failed;
    outcome.code = std::to_string(reply.code) + (code.empty() ? "" : ' ' + code);
    outcome.detail = later ? one_line(clean_utf8(reply.text), 120)
                           : refusal_in_words(code, recipient, reply.text);
    if (reply.code == 421) healthy_ = false;
    return outcome;
}

Outcome SmtpClient::lost(const Error& error, bool after_dot) {
    healthy_ = false;
    Outcome outcome;
    // Before the dot nothing was handed over. After it nobody can know: the same Message-ID again.
    outcome.kind = after_dot ? Outcome::Kind::Retry : Outcome::Kind::NotTried;
    outcome.code = after_dot ? "ambiguous" : "connection";
    outcome.detail = one_line(clean_utf8(error.text), 120);
    return outcome;
}

// Of a mail without a sender nobody is there to be told (RFC 3461 6.1).
bool SmtpClient::asks(const MailToSend& mail) const {
    return mail.wish && !mail.envelope_from.empty() && offers("DSN\n");
}

// Where TLS is insisted on, the name is verified too (smtp_wire.h).
Privacy SmtpClient::privacy_of(const MailToSend& mail) const {
    using Security = RelayTarget::Security;
    if (mail.privacy) return *mail.privacy;
    if (target_.last) return Privacy::Here;
    if (target_.security == Security::Tls) return Privacy::TlsVerified;
    if (!in_tls_) return Privacy::InClear;
    return target_.security == Security::StartTls ? Privacy::TlsVerified : Privacy::Tls;
}

Outcome SmtpClient::send(const MailToSend& mail) {
    const bool eight_bit = !is_ascii(mail.bytes);
    std::string from = "MAIL FROM:<" + mail.envelope_from + '>' +
                       (eight_bit && offers("8BITMIME") ? " BODY=8BITMIME" : "");
    std::string to = "RCPT TO:<" + mail.envelope_to + '>';
    if (asks(mail)) {
        from += mail_parameters(*mail.wish, mail.envelope_id);
        to += recipient_parameters(*mail.wish);
    }
    Reply answers[3];
    const std::string commands[3] = {from, to, "DATA"};
    const bool pipelined = offers("PIPELINING");
    if (pipelined) {
        const auto written = wire_->write(from + "\r\n" + to + "\r\nDATA\r\n");
        if (!written.ok()) return lost(written.error(), false);
    }
    int refused_at = -1;
    for (int i = 0; i < 3; ++i) {
        auto reply = pipelined ? read_reply(kCommandWait) : ask(commands[i], kCommandWait);
        if (!reply.ok()) return lost(reply.error(), false);
        answers[i] = *reply;
        const bool good = i < 2 ? reply->code / 100 == 2 : reply->code == 354;
        if (!good && refused_at < 0) refused_at = i;
        if (!pipelined && refused_at >= 0) break;
    }
    if (refused_at >= 0) {
        const Outcome outcome = refused(answers[refused_at], refused_at == 1);
        // Pipelined DATA may have been taken all the same (RFC 2920 3.1): an empty mail ends it.
        if (pipelined && answers[2].code == 354) {
            (void)wire_->write(".\r\n");
            if (!read_reply(kCommandWait).ok()) healthy_ = false;
        }
        if (healthy_ && !ask("RSET", kCommandWait).ok()) healthy_ = false;
        return outcome;
    }
    const auto written = wire_->write(stuffed(mail.bytes));
    if (!written.ok()) return lost(written.error(), true);
    auto final = read_reply(kFinalDotWait);
    if (!final.ok()) return lost(final.error(), true);
    if (final->code / 100 != 2) return refused(*final, false);
    Outcome outcome;
    outcome.kind = target_.last ? Outcome::Kind::Delivered : Outcome::Kind::Sent;
    outcome.code = std::to_string(final->code);
    outcome.detail = one_line(clean_utf8(final->text), 120);
    outcome.wish_taken = asks(mail);
    outcome.privacy = privacy_of(mail);
    if (!way_.empty()) outcome.detail += " (" + way_ + ')';
    return outcome;
}

void SmtpClient::quit() {
    if (healthy_) (void)wire_->write("QUIT\r\n");
    healthy_ = false;
}

}  // namespace waypost::email
