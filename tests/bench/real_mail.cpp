// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/real_mail.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gateway/message/text.h"
#include "tests/interop/mail/peers.h"

namespace waypost::bench {
namespace {

bool tells_of_a_list(const std::string& line) {
    const std::string lower = lower_ascii(line);
    for (const char* name :
         {"list-", "precedence:", "auto-submitted:", "x-auto-response-suppress:", "message-id:"}) {
        if (lower.rfind(name, 0) == 0) return true;
    }
    return false;
}

// CRLF, and a dot before a line that begins with one (RFC 5321 section 4.5.2).
std::string on_the_wire(const std::string& mail) {
    std::string out;
    for (std::size_t from = 0; from < mail.size();) {
        const std::size_t end = std::min(mail.find('\n', from), mail.size());
        std::string_view line(mail.data() + from, end - from);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (!line.empty() && line[0] == '.') out += '.';
        out.append(line).append("\r\n");
        from = end + 1;
    }
    return out + ".\r\n";
}

std::vector<std::string> mails_of(const std::string& kind) {
    const std::string folder = WAYPOST_MAIL_SETS + kind;
    interop::shell(std::string(WAYPOST_HAM_SCRIPT) + ' ' + folder + ' ' + kind);
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> mails;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::string mail{std::istreambuf_iterator<char>(in), {}};
        if (mail.rfind("From ", 0) == 0) mail.erase(0, mail.find('\n') + 1);
        mails.push_back(std::move(mail));
    }
    if (mails.empty()) throw std::runtime_error("no mails");
    return mails;
}

}  // namespace

std::vector<std::string> real_mails() { return mails_of("ham"); }
std::vector<std::string> spam_mails() { return mails_of("spam"); }

std::string as_if_personal(const std::string& mail, const std::string& message_id) {
    std::string out = std::string("Authentication-Results: ") + kAuthserv + "; dmarc=pass\n" +
                      "Message-ID: " + message_id + '\n';
    bool dropping = false;
    std::size_t from = 0;
    while (from < mail.size() && mail[from] != '\n' && mail[from] != '\r') {
        const std::size_t end = std::min(mail.find('\n', from), mail.size() - 1);
        std::string line = mail.substr(from, end + 1 - from);
        const bool goes_on = line[0] == ' ' || line[0] == '\t';
        dropping = goes_on ? dropping : tells_of_a_list(line);
        if (lower_ascii(line).rfind("from:", 0) == 0) {
            line = line.substr(0, line.find_first_of("<(\n")) + " <" + kWriter + ">\n";
            if (line.find('@') < line.find('<')) line = std::string("From: ") + kWriter + '\n';
            out += line;
            dropping = true;  // what it goes on with
        }
        if (!dropping) out += line;
        from = end + 1;
    }
    return out + mail.substr(from);
}

SmtpFeeder::SmtpFeeder(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("the box does not listen");
    expect('2');
    say("EHLO hill.test\r\n");
    expect('2');
}

SmtpFeeder::~SmtpFeeder() { ::close(fd_); }

void SmtpFeeder::send(const std::string& to, const std::string& mail, const std::string& from) {
    say("MAIL FROM:<" + from + ">\r\nRCPT TO:<" + to + ">\r\nDATA\r\n");
    expect('2');
    expect('2');
    expect('3');
    say(on_the_wire(mail));
    expect('2');
}

void SmtpFeeder::say(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) throw std::runtime_error("the box hung up");
        sent += static_cast<std::size_t>(n);
    }
}

void SmtpFeeder::expect(char first) {
    for (;;) {
        std::size_t end = read_.find("\r\n");
        while (end == std::string::npos) {
            char bytes[4096];
            const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
            if (n <= 0) throw std::runtime_error("the box hung up");
            read_.append(bytes, static_cast<std::size_t>(n));
            end = read_.find("\r\n");
        }
        const std::string line = read_.substr(0, end);
        read_.erase(0, end + 2);
        if (line.size() > 3 && line[3] == '-') continue;
        if (line.empty() || line[0] != first) throw std::runtime_error("the box says: " + line);
        return;
    }
}

}  // namespace waypost::bench
