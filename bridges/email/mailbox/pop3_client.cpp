// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/pop3_client.h"

#include <charconv>
#include <map>

#include "bridges/email/mailbox/pauses.h"
#include "gateway/base/encoding.h"

namespace waypost::email {
namespace {

// RFC 1939 has 512 and mails have longer lines than they should; what is longer comes in pieces.
constexpr std::size_t kLongestLine = 64 * 1024;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kMostListed = 100'000;
constexpr std::size_t kMostHeader = 256 * 1024;
constexpr std::size_t kLongestUidl = 70;

Error unclear(const char* what) {
    return {Code::BadInput, std::string("the provider's answer to ") + what + " is not POP3", true};
}

// "12 rest"
bool number_and_rest(const std::string& line, int& number, std::string& rest) {
    const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
    const auto at = static_cast<std::size_t>(read.ptr - line.data());
    if (read.ec != std::errc() || number <= 0 || at >= line.size() || line[at] != ' ') return false;
    rest = line.substr(at + 1, line.find(' ', at + 1) - at - 1);
    return !rest.empty();
}

bool one_line_of(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

Pop3Client::Pop3Client(std::unique_ptr<MailWire> wire, const ProviderServer& server)
    : wire_(std::move(wire)), server_(server) {}

Result<std::string> Pop3Client::read_line() {
    for (;;) {
        const std::size_t lf = buffer_.find('\n', at_);
        const bool full = lf == std::string::npos && buffer_.size() - at_ >= kLongestLine;
        if (lf != std::string::npos || full) {
            const std::size_t end = full ? buffer_.size() : lf;
            std::string line = buffer_.substr(at_, end - at_);
            at_ = full ? end : lf + 1;
            if (!line.empty() && line.back() == '\r') line.pop_back();
            return line;
        }
        buffer_.erase(0, at_);
        at_ = 0;
        char bytes[kReadBytes];
        const auto got = wire_->read(bytes, sizeof bytes);
        if (!got.ok()) return got.error();
        buffer_.append(bytes, *got);
    }
}

Result<std::string> Pop3Client::ask(const std::string& command, bool login) {
    if (!command.empty()) {
        const auto written = wire_->write(command + "\r\n");
        if (!written.ok()) return written.error();
    }
    auto line = read_line();
    if (!line.ok()) return line.error();
    if (line->rfind("+OK", 0) == 0) return line->substr(line->size() > 3 ? 4 : 3);
    if (line->rfind("-ERR", 0) == 0) return refusal(line->substr(line->size() > 4 ? 5 : 4), login);
    if (line->rfind("+ ", 0) == 0) return line;  // XOAUTH2 asks on
    return unclear(command.empty() ? "our call" : command.substr(0, 4).c_str());
}

Result<void> Pop3Client::open(const MailboxLogin& login) {
    if (auto said = ask({}); !said.ok()) return said.error();
    if (server_.security == ProviderServer::Security::StartTls) {
        if (auto said = ask("STLS"); !said.ok()) {
            if (said.error().code != Code::Conflict) return said.error();
            return Error{Code::Conflict,
                         "the provider offers no TLS; set security = \"plain\" if that is meant",
                         true};
        }
        if (at_ < buffer_.size())
            return Error{Code::BadInput, "the provider spoke before TLS began", true};
        if (auto tls = wire_->start_tls(); !tls.ok()) return tls;
    }
    if (server_.security == ProviderServer::Security::Plain && !on_this_machine(server_))
        return Error{Code::Refused, "no password is sent without TLS: set server", true};
    auto said = log_in(login);
    return said.ok() ? Result<void>() : said.error();
}

Result<std::string> Pop3Client::log_in(const MailboxLogin& login) {
    auto secret = read_secret_file(login.secret_file);
    if (!secret.ok()) return Error{Code::Refused, secret.error().text, true};
    const std::string word(secret->reveal());
    if (!one_line_of(word) || !one_line_of(login.user))
        return Error{Code::Refused, "user or password have more than one line", true};
    if (!login.oauth) {
        if (auto said = ask("USER " + login.user, true); !said.ok()) return said;
        return ask("PASS " + word, true);
    }
    auto said = ask("AUTH XOAUTH2", true);
    if (!said.ok()) return said;
    const std::string one(1, '\1');
    said = ask(to_base64("user=" + login.user + one + "auth=Bearer " + word + one + one), true);
    if (said.ok() && said->rfind("+ ", 0) == 0) said = ask("", true);
    return said;
}

Result<std::string> Pop3Client::long_line(bool& end) {
    auto line = read_line();
    if (!line.ok()) return line;
    end = *line == ".";
    if (!line->empty() && line->front() == '.') line->erase(0, 1);
    return line;
}

Result<std::vector<std::string>> Pop3Client::lines(const std::string& command) {
    if (auto said = ask(command); !said.ok()) return said.error();
    std::vector<std::string> all;
    for (bool end = false;;) {
        auto line = long_line(end);
        if (!line.ok()) return line.error();
        if (end) return all;
        if (all.size() >= kMostListed)
            return Error{Code::BadInput, "the mailbox has too many mails for POP3", true};
        all.push_back(std::move(*line));
    }
}

Result<std::vector<Pop3Client::Listed>> Pop3Client::list() {
    auto uidls = lines("UIDL");
    if (!uidls.ok() && uidls.error().code == Code::Conflict)
        return Error{Code::Conflict, "the provider's POP3 has no UIDL: mails cannot be told apart",
                     true};
    if (!uidls.ok()) return uidls.error();
    auto sizes = lines("LIST");
    if (!sizes.ok()) return sizes.error();
    std::map<int, std::uint64_t> bytes;
    for (const std::string& line : *sizes) {
        int number = 0;
        std::string rest;
        if (!number_and_rest(line, number, rest)) return unclear("LIST");
        std::from_chars(rest.data(), rest.data() + rest.size(), bytes[number]);
    }
    std::vector<Listed> all;
    for (const std::string& line : *uidls) {
        Listed one;
        if (!number_and_rest(line, one.number, one.uidl) || one.uidl.size() > kLongestUidl)
            return unclear("UIDL");
        one.bytes = bytes[one.number];
        all.push_back(std::move(one));
    }
    return all;
}

Result<std::string> Pop3Client::top(int number) {
    if (auto said = ask("TOP " + std::to_string(number) + " 0"); !said.ok()) return said.error();
    std::string header;
    for (bool end = false;;) {
        auto line = long_line(end);
        if (!line.ok()) return line.error();
        if (end) return header;
        if (header.size() < kMostHeader) header += *line + "\r\n";
    }
}

Result<void> Pop3Client::retrieve(int number) {
    auto said = ask("RETR " + std::to_string(number));
    if (!said.ok()) return said.error();
    ended_ = false;
    return {};
}

Result<std::string> Pop3Client::more() {
    std::string piece;
    while (!ended_ && piece.size() < kPieceBytes) {
        auto line = long_line(ended_);
        if (!line.ok()) return line.error();
        if (!ended_) piece += *line + "\r\n";
    }
    return piece;
}

Result<void> Pop3Client::erase(int number) {
    auto said = ask("DELE " + std::to_string(number));
    return said.ok() ? Result<void>() : said.error();
}

Result<void> Pop3Client::quit() {
    auto said = ask("QUIT");
    return said.ok() ? Result<void>() : said.error();
}

}  // namespace waypost::email
