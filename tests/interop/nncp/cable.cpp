// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/nncp/cable.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <stdexcept>

namespace waypost::nncp {

Cable::Cable() {
    for (End& end : ends_) {
        termios raw{};
        ::cfmakeraw(&raw);
        char name[100];
        if (::openpty(&end.master, &end.slave, name, &raw, nullptr) != 0)
            throw std::runtime_error("no pseudo terminal to be had");
        end.name = name;
        for (const int fd : {end.master, end.slave}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    thread_ = std::thread([this] { carry(); });
}

Cable::~Cable() {
    stop_ = true;
    thread_.join();
    for (const End& end : ends_) {
        ::close(end.master);
        ::close(end.slave);
    }
}

void Cable::noise_at_one(const std::string& bytes) {
    (void)!::write(ends_[0].master, bytes.data(), bytes.size());
}

void Cable::carry() {
    char buffer[512];
    while (!stop_) {
        pollfd watched[2] = {{ends_[0].master, POLLIN, 0}, {ends_[1].master, POLLIN, 0}};
        (void)::poll(watched, 2, 50);
        for (const int from : {0, 1}) {
            if ((watched[from].revents & POLLIN) == 0) continue;
            const ssize_t n = ::read(ends_[from].master, buffer, sizeof buffer);
            for (ssize_t at = 0; at < n && !stop_;) {
                const ssize_t put =
                    ::write(ends_[1 - from].master, buffer + at, static_cast<std::size_t>(n - at));
                if (put > 0) at += put;
            }
        }
    }
}

}  // namespace waypost::nncp
