// SPDX-License-Identifier: Apache-2.0
#include "bad_relay.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "app/demo/loopback.h"

namespace waypost::interop {
namespace {

void say(int fd, const std::string& line) {
    const std::string bytes = line + "\r\n";
    [[maybe_unused]] const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// Up to and with `end`; empty: the peer hung up.
std::string read_until(int fd, const std::string& end) {
    std::string bytes;
    for (char c; bytes.size() < end.size() ||
                 bytes.compare(bytes.size() - end.size(), end.size(), end) != 0;) {
        if (::recv(fd, &c, 1, 0) != 1) return {};
        bytes += c;
    }
    return bytes;
}

}  // namespace

BadRelay::BadRelay() {
    const Listening listening = listen_on_loopback();
    listener_ = listening.fd;
    port_ = listening.port;
    thread_ = std::thread([this] { serve(); });
}

BadRelay::~BadRelay() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    {
        const std::lock_guard lock(mutex_);
        for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    thread_.join();
    ::close(listener_);
    for (const int fd : open_) ::close(fd);
}

std::vector<std::string> BadRelay::mails() const {
    const std::lock_guard lock(mutex_);
    return mails_;
}

void BadRelay::say_yes_to_the_stuck() {
    const std::lock_guard lock(mutex_);
    for (const int fd : std::exchange(stuck_, {})) say(fd, "250 2.0.0 taken");
}

void BadRelay::serve() {
    for (int fd = 0; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        ++connections_;
        {
            const std::lock_guard lock(mutex_);
            open_.push_back(fd);
            if (stopping_) ::shutdown(fd, SHUT_RDWR);
        }
        sessions_.emplace_back([this, fd] {
            session(fd);
            ::shutdown(fd, SHUT_RDWR);
        });
    }
    for (std::thread& each : sessions_) each.join();
}

void BadRelay::session(int fd) {
    if (mood_ == Mood::Closed) return say(fd, "421 4.3.2 closed today");
    say(fd, "220 relay.test");
    for (;;) {
        const std::string line = read_until(fd, "\r\n");
        if (line.empty() || line.rfind("QUIT", 0) == 0) return;
        if (line.rfind("RCPT", 0) == 0 && mood_ == Mood::Greylist) {
            say(fd, "450 4.7.1 come back later");
            continue;
        }
        if (line.rfind("DATA", 0) != 0) {
            say(fd, "250 2.0.0 ok");
            continue;
        }
        if (mood_ == Mood::DropAfterData) return;
        say(fd, "354 go on");
        const std::string mail = read_until(fd, "\r\n.\r\n");
        if (mail.empty()) return;
        {
            const std::lock_guard lock(mutex_);
            mails_.push_back(mail);
            if (mood_ == Mood::Stuck) stuck_.push_back(fd);
        }
        if (mood_ == Mood::DropAfterDot) return;
        if (mood_ != Mood::Stuck) say(fd, "250 2.0.0 taken");
    }
}

}  // namespace waypost::interop
