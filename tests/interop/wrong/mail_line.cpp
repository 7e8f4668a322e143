// SPDX-License-Identifier: Apache-2.0
#include "mail_line.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace waypost::interop {

MailLine::MailLine(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd_);
        throw std::runtime_error("nobody listens on " + std::to_string(port));
    }
    read_reply();
}

MailLine::~MailLine() { ::close(fd_); }

std::string MailLine::ask(const std::string& line) {
    send(line + "\r\n");
    return read_reply();
}

bool MailLine::send(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (n <= 0) return false;
        at += static_cast<std::size_t>(n);
    }
    return true;
}

std::string MailLine::read_reply() {
    for (;;) {
        const std::size_t end = buffer_.find("\r\n");
        if (end != std::string::npos) {
            const std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 2);
            if (line.size() < 4 || line[3] != '-') return line;
            continue;
        }
        char bytes[1024];
        const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
        if (n <= 0) return {};
        buffer_.append(bytes, static_cast<std::size_t>(n));
    }
}

void MailLine::begin_mail() {
    for (const char* line :
         {"EHLO x.test", "MAIL FROM:<bob@x.test>", "RCPT TO:<ana@village.test>", "DATA"}) {
        const std::string reply = ask(line);
        if (reply.empty() || reply[0] > '3')
            throw std::runtime_error(std::string(line) + ": " + reply);
    }
}

}  // namespace waypost::interop
