// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/modem_pty.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace waypost::simulator {

ModemPty::ModemPty() : fd_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    char name[128];
    const bool made = fd_ >= 0 && ::grantpt(fd_) == 0 && ::unlockpt(fd_) == 0 &&
                      ::ptsname_r(fd_, name, sizeof name) == 0;
    if (!made) {
        const std::string why = std::strerror(errno);
        if (fd_ >= 0) ::close(fd_);
        throw std::runtime_error("cannot make a pseudo terminal: " + why);
    }
    path_ = name;
    // No echo, no line ends: from the first byte on.
    termios settings{};
    ::tcgetattr(fd_, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(fd_, TCSANOW, &settings);
}

ModemPty::~ModemPty() { ::close(fd_); }

std::string ModemPty::read() {
    std::string bytes(4096, '\0');
    const ssize_t n = ::read(fd_, bytes.data(), bytes.size());
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

std::size_t ModemPty::write(std::string_view bytes) {
    std::size_t fitted = 0;
    while (fitted < bytes.size()) {
        const ssize_t n = ::write(fd_, bytes.data() + fitted, bytes.size() - fitted);
        if (n <= 0) break;
        fitted += static_cast<std::size_t>(n);
    }
    return fitted;
}

}  // namespace waypost::simulator
