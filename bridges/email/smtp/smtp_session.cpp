// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_session.h"

#include <algorithm>

#include "bridges/email/smtp/esmtp_parameters.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMaxLine = 2048;  // RFC 5321 4.5.3.1.4 asks for 512; extensions need more
// What is read and thrown away of a mail that is too large, so that its sender hears why at the
// end; beyond it he is told at once and cut off.
constexpr std::size_t kMostDiscarded = 256u << 20;

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// "FROM:<a@b> SIZE=1" -> {"a@b", "SIZE=1"}; nullopt if it is not of that form.
struct Path {
    std::string address;
    std::string parameters;
};
std::optional<Path> parse_path(std::string_view rest, std::string_view keyword) {
    if (upper_ascii(rest.substr(0, keyword.size())) != keyword) return std::nullopt;
    rest = trim(rest.substr(keyword.size()));
    if (rest.empty() || rest.front() != '<') return std::nullopt;
    const std::size_t close = rest.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    std::string address(rest.substr(1, close - 1));
    // A source route (RFC 5321 4.1.1.3) is accepted and ignored.
    if (!address.empty() && address.front() == '@') {
        const std::size_t colon = address.find(':');
        if (colon != std::string::npos) address.erase(0, colon + 1);
    }
    return Path{std::move(address), std::string(trim(rest.substr(close + 1)))};
}

// The reply to a parameter that is none: RFC 5321 4.1.1.11.
int code_of(const Error& error) { return error.code == Code::NotFound ? 555 : 501; }

}  // namespace

std::string smtp_reply(const Verdict& verdict) {
    using Reason = Verdict::Reason;
    if (verdict.kept()) {
        return verdict.message == 0 ? "250 2.1.5 ok"
                                    : "250 2.0.0 kept as " + std::to_string(verdict.message);
    }
    const std::string text = one_line(clean_utf8(verdict.text), 200);
    switch (verdict.reason) {
        case Reason::UnknownRecipient:
            return "550 5.1.1 " + text;
        case Reason::NotAllowed:
            return "550 5.7.1 " + text;
        case Reason::TooLarge:
            return "552 5.3.4 " + text;
        case Reason::Loop:
            return "554 5.4.6 " + text;
        case Reason::BadInput:
            return "554 5.6.0 " + text;
        case Reason::QuotaFull:
            return "452 4.2.2 " + text;
        case Reason::StorageFull:
            return "452 4.3.1 " + text;
        case Reason::Busy:
        case Reason::None:
            break;
    }
    return verdict.kind == Verdict::Kind::Refused ? "554 5.0.0 " + text : "451 4.3.2 " + text;
}

SmtpSession::SmtpSession(SmtpOptions options, MailSink& sink)
    : options_(std::move(options)), sink_(sink) {}

std::string SmtpSession::greeting() const {
    return "220 " + options_.host_name + (options_.lmtp ? " LMTP" : " ESMTP") + " Waypost\r\n";
}

void SmtpSession::tls_started() {
    wants_tls_ = false;
    in_tls_ = true;
    greeted_ = false;
    line_.clear();  // RFC 3207 4.2: nothing said in clear counts
    ahead_.clear();
    reset();
}

void SmtpSession::gone() {
    if (phase_ == Phase::Data) sink_.abandon();
    phase_ = Phase::Command;
}

std::string SmtpSession::feed(std::string_view bytes) {
    out_.clear();
    take(bytes);
    return std::move(out_);
}

std::string SmtpSession::answer(const std::vector<Verdict>& verdicts) {
    out_.clear();
    phase_ = Phase::Command;
    reply_all(verdicts);
    const std::string ahead = std::exchange(ahead_, {});
    take(ahead);
    return std::move(out_);
}

void SmtpSession::take(std::string_view bytes) {
    while (!bytes.empty() && !close_ && !wants_tls_) {
        if (phase_ == Phase::Handed) {
            ahead_.append(bytes);
            return;
        }
        if (phase_ == Phase::Data) {
            bytes.remove_prefix(take_data(bytes));
            continue;
        }
        const std::size_t lf = bytes.find('\n');
        const std::size_t take = lf == std::string_view::npos ? bytes.size() : lf + 1;
        if (line_.size() + take <= kMaxLine) {
            line_.append(bytes.substr(0, take));
        } else {
            line_too_long_ = true;
        }
        bytes.remove_prefix(take);
        if (lf == std::string_view::npos) break;
        std::string line;
        line.swap(line_);
        if (std::exchange(line_too_long_, false)) {
            refuse(500, "5.5.2 line too long");
            continue;
        }
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
        command(line);
    }
}

void SmtpSession::command(std::string_view line) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string verb = upper_ascii(line.substr(0, space));
    const std::string_view rest = trim(line.substr(space));
    if (verb == "EHLO" || verb == "HELO" || verb == "LHLO") return hello(verb, rest);
    if (verb == "MAIL") return mail(rest);
    if (verb == "RCPT") return rcpt(rest);
    if (verb == "DATA") return data();
    if (verb == "RSET") {
        reset();
        return reply(250, "2.0.0 ok");
    }
    if (verb == "NOOP") return reply(250, "2.0.0 ok");
    if (verb == "VRFY") return reply(252, "2.5.2 send it and see");
    if (verb == "QUIT") {
        close_ = true;
        return reply(221, "2.0.0 bye");
    }
    if (verb == "STARTTLS" && options_.tls_offered && !in_tls_) {
        wants_tls_ = true;
        return reply(220, "2.0.0 go ahead");
    }
    refuse(500, "5.5.1 command not known");
}

void SmtpSession::hello(std::string_view verb, std::string_view name) {
    const bool right = options_.lmtp ? verb == "LHLO" : verb != "LHLO";
    if (!right)
        return refuse(500, options_.lmtp ? "5.5.1 this is LMTP: LHLO" : "5.5.1 this is SMTP: EHLO");
    if (name.empty()) return refuse(501, "5.5.4 say your name");
    reset();
    greeted_ = true;
    if (verb == "HELO") return reply(250, options_.host_name);
    out_ += "250-" + options_.host_name + "\r\n250-PIPELINING\r\n250-SIZE " +
            std::to_string(options_.max_message_bytes) +
            "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n";
    if (options_.tls_offered && !in_tls_) out_ += "250-STARTTLS\r\n";
    out_ += "250 ENHANCEDSTATUSCODES\r\n";
}

void SmtpSession::mail(std::string_view rest) {
    if (!greeted_) return refuse(503, "5.5.1 say hello first");
    if (has_sender_) return refuse(503, "5.5.1 one sender at a time");
    const auto path = parse_path(rest, "FROM:");
    if (!path) return refuse(501, "5.5.4 MAIL FROM:<address>");
    auto parameters = parse_mail_parameters(path->parameters);
    if (!parameters.ok())
        return refuse(code_of(parameters.error()), "5.5.4 " + parameters.error().text);
    if (parameters->size > options_.max_message_bytes) {
        return refuse(552,
                      "5.3.4 larger than " + std::to_string(options_.max_message_bytes) + " bytes");
    }
    if (!is_utf8(path->address)) return refuse(553, "5.1.7 the address is not UTF-8");
    if (!path->address.empty()) {
        auto address = parse_address("mailto:" + path->address);
        if (!address.ok()) return refuse(553, "5.1.7 " + address.error().text);
        envelope_.from = std::move(*address);
    }
    announced_size_ = parameters->size;
    envelope_.envelope_id = std::move(parameters->envelope_id);
    has_sender_ = true;
    reply(250, "2.1.0 ok");
}

void SmtpSession::rcpt(std::string_view rest) {
    if (!has_sender_) return refuse(503, "5.5.1 MAIL first");
    if (envelope_.to.size() >= options_.max_recipients)
        return reply(452, "4.5.3 too many recipients");
    const auto path = parse_path(rest, "TO:");
    if (!path) return refuse(501, "5.5.4 RCPT TO:<address>");
    auto wish = parse_recipient_parameters(path->parameters);
    if (!wish.ok()) return refuse(code_of(wish.error()), "5.5.4 " + wish.error().text);
    if (!is_utf8(path->address)) return refuse(553, "5.1.3 the address is not UTF-8");
    auto address = parse_address("mailto:" + path->address);
    if (!address.ok()) return refuse(553, "5.1.3 " + address.error().text);
    const Verdict verdict = sink_.check(envelope_, *address, announced_size_);
    if (verdict.kept()) {
        envelope_.to.push_back(std::move(*address));
        envelope_.wishes.push_back(std::move(*wish));
    }
    if (verdict.kind == Verdict::Kind::Refused) ++errors_;
    reply_verdict(verdict);
}

void SmtpSession::data() {
    if (envelope_.to.empty()) {
        return has_sender_ ? refuse(554, "5.5.1 no valid recipients")
                           : refuse(503, "5.5.1 MAIL first");
    }
    phase_ = Phase::Data;
    end_match_ = 2;  // as if a line had just ended: a lone dot may come at once
    data_bytes_ = 0;
    too_large_ = sink_full_ = false;
    reply(354, "end with a dot on a line by itself");
}

// Only CR LF . CR LF ends a mail. A bare LF or CR is data like any other, so no second mail can be
// smuggled behind one.
std::size_t SmtpSession::take_data(std::string_view bytes) {
    std::size_t start = 0;  // of what has not been passed on
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        switch (end_match_) {
            case 2:
                if (c == '.') {
                    body(bytes.substr(start, i - start));
                    start = i + 1;  // stuffed or final: this dot is no data
                    end_match_ = 3;
                    continue;
                }
                break;
            case 3:
                if (c == '\r') {
                    body(bytes.substr(start, i - start));
                    start = i + 1;  // held back: it may belong to the end
                    end_match_ = 4;
                    continue;
                }
                break;
            case 4:
                if (c == '\n') {
                    end_of_data();
                    return i + 1;
                }
                body("\r");  // it did not belong to the end
                start = i;
                break;
            case 1:
                if (c == '\n') {
                    end_match_ = 2;
                    continue;
                }
                break;
            default:
                break;
        }
        end_match_ = c == '\r' ? 1 : 0;
    }
    body(bytes.substr(start));
    return bytes.size();
}

void SmtpSession::body(std::string_view bytes) {
    if (bytes.empty()) return;
    data_bytes_ += bytes.size();
    if (data_bytes_ > options_.max_message_bytes) too_large_ = true;
    if (too_large_) {
        if (data_bytes_ <= kMostDiscarded + options_.max_message_bytes || close_) return;
        close_ = true;
        return reply(552, "5.3.4 message too large");
    }
    if (!sink_full_ && !sink_.body(bytes)) sink_full_ = true;
}

void SmtpSession::end_of_data() {
    phase_ = Phase::Command;
    std::optional<std::vector<Verdict>> verdicts;
    if (too_large_ || sink_full_) {
        sink_.abandon();
        const Verdict bad = too_large_ ? Verdict{Verdict::Kind::Refused, Verdict::Reason::TooLarge,
                                                 "message too large", 0}
                                       : Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull,
                                                 "no room on this box", 0};
        verdicts.emplace(envelope_.to.size(), bad);
    } else {
        verdicts = sink_.finish(envelope_);
    }
    if (verdicts) return reply_all(*verdicts);
    phase_ = Phase::Handed;
}

void SmtpSession::reply_all(const std::vector<Verdict>& verdicts) {
    if (options_.lmtp) {
        for (const Verdict& verdict : verdicts) reply_verdict(verdict);
        return reset();
    }
    // One reply for all: a "later" for one makes the peer repeat, and what was kept is known then.
    const auto worst = std::find_if(verdicts.begin(), verdicts.end(), [](const Verdict& v) {
        return v.kind == Verdict::Kind::Later;
    });
    const auto kept =
        std::find_if(verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.kept(); });
    if (worst != verdicts.end()) {
        reply_verdict(*worst);
    } else if (kept != verdicts.end()) {
        reply_verdict(*kept);
    } else if (!verdicts.empty()) {
        reply_verdict(verdicts.front());
    }
    reset();
}

void SmtpSession::reset() {
    envelope_ = {};
    has_sender_ = false;
    announced_size_ = 0;
}

void SmtpSession::reply(int code, std::string_view text) {
    out_ += std::to_string(code) + ' ';
    out_.append(text).append("\r\n");
}

void SmtpSession::refuse(int code, std::string_view text) {
    if (++errors_ >= options_.max_errors) {
        close_ = true;
        return reply(421, "4.7.0 too many errors");
    }
    reply(code, text);
}

void SmtpSession::reply_verdict(const Verdict& verdict) { out_ += smtp_reply(verdict) + "\r\n"; }

}  // namespace waypost::email
