// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/bell.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace waypost::email {

Bell::Bell() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::runtime_error("no more file descriptors");
}

Bell::~Bell() { ::close(fd_); }

void Bell::ring() noexcept {
    const std::uint64_t once = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &once, sizeof once);
}

Bell::Heard Bell::wait(int fd, std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        const auto most = static_cast<std::int64_t>(std::numeric_limits<int>::max());
        const int wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, most));
        pollfd fds[2] = {{fd_, POLLIN, 0}, {fd, POLLIN, 0}};
        const int ready = ::poll(fds, fd >= 0 ? 2 : 1, wait_ms);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return Heard::Nothing;
        if (fds[0].revents != 0) {
            std::uint64_t times = 0;
            [[maybe_unused]] const auto got = ::read(fd_, &times, sizeof times);
            return Heard::Bell;
        }
        return Heard::Socket;
    }
}

}  // namespace waypost::email
