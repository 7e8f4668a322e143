// SPDX-License-Identifier: Apache-2.0
#include "cut_line.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace waypost::interop {

CutLine::~CutLine() {
    stop_ = true;
    thread_.join();
    ::close(listening_.fd);
}

void CutLine::cut(std::vector<std::size_t> after, std::size_t rest) {
    const std::lock_guard lock(mutex_);
    rest_ = rest;
    cuts_ = std::move(after);
}

void CutLine::cut_now() { cut_now_ = true; }

std::size_t CutLine::left() const {
    const std::lock_guard lock(mutex_);
    return cuts_.size();
}

std::size_t CutLine::next() {
    const std::lock_guard lock(mutex_);
    if (cuts_.empty()) return rest_;
    const std::size_t most = cuts_.front();
    cuts_.erase(cuts_.begin());
    return most;
}

void CutLine::run() {
    while (!stop_) {
        pollfd ready{listening_.fd, POLLIN, 0};
        if (::poll(&ready, 1, 50) <= 0) continue;
        const int caller = ::accept4(listening_.fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (caller < 0) continue;
        pass(caller, next());
        ::close(caller);
    }
}

void CutLine::pass(int caller, std::size_t most) {
    const int answerer = connect_on_loopback(to_);
    const std::array<int, 2> ends{caller, answerer};
    std::array<char, 4096> bytes{};
    passed_ = 0;
    cut_now_ = false;
    bool open = answerer >= 0;
    while (open && passed_ < most && !stop_ && !cut_now_) {
        pollfd both[2] = {{caller, POLLIN, 0}, {answerer, POLLIN, 0}};
        if (::poll(both, 2, 50) <= 0) continue;
        for (const std::size_t side : {0, 1}) {
            if (both[side].revents == 0) continue;
            const auto room = std::min(bytes.size(), most - passed_);
            const auto got = ::recv(ends[side], bytes.data(), room, 0);
            open = open && (got > 0 || room == 0);
            if (got <= 0) continue;
            const auto size = static_cast<std::size_t>(got);
            (void)!::send(ends[1 - side], bytes.data(), size, MSG_NOSIGNAL);
            passed_ += size;
        }
    }
    if (answerer >= 0) ::close(answerer);
}

}  // namespace waypost::interop
