// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/modem_pty.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <stdexcept>

namespace waypost::simulator {

ModemPty::ModemPty(ModemDevice& device)
    : device_(device), master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    char name[128];
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
        ::ptsname_r(master_, name, sizeof name) != 0) {
        throw std::runtime_error("cannot make a pseudo terminal");
    }
    path_ = name;
    const int host = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    ::tcgetattr(host, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(host, TCSANOW, &settings);
    ::close(host);
}

ModemPty::~ModemPty() { ::close(master_); }

bool ModemPty::pump(BoxTime now) {
    char bytes[4096];
    const ssize_t came = ::read(master_, bytes, sizeof bytes);
    if (came > 0) {
        read_ += static_cast<std::size_t>(came);
        device_.from_host({bytes, static_cast<std::size_t>(came)}, now);
    }
    device_.step(now);
    waiting_ += device_.to_host(now);
    ssize_t went = 0;
    if (!waiting_.empty()) went = ::write(master_, waiting_.data(), waiting_.size());
    if (went > 0) {
        written_ += static_cast<std::size_t>(went);
        waiting_.erase(0, static_cast<std::size_t>(went));
    }
    return came > 0 || went > 0;
}

}  // namespace waypost::simulator
