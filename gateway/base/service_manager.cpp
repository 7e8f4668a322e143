// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "gateway/base/fd.h"

namespace waypost {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::optional<long long> number(const std::string& text) {
    long long value = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return value;
}

// WATCHDOG_PID: for another process of the service, if it is not ours.
std::optional<std::chrono::milliseconds> watchdog_of_this_process() {
    const auto every = number(variable("WATCHDOG_USEC"));
    const std::string whose = variable("WATCHDOG_PID");
    if (!every || *every <= 0 || (!whose.empty() && number(whose) != ::getpid()))
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(*every));
}

}  // namespace

ServiceManager ServiceManager::of_this_process() {
    return ServiceManager(variable("NOTIFY_SOCKET"), watchdog_of_this_process());
}

ServiceManager::ServiceManager(std::string socket,
                               std::optional<std::chrono::milliseconds> watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog) {}

bool ServiceManager::tell(std::string_view lines) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return false;
    if (socket_[0] != '/' && socket_[0] != '@') return false;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_[0] == '@') address.sun_path[0] = '\0';
    const Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.good()) return false;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    return ::sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&address),
                    length) == static_cast<ssize_t>(lines.size());
}

}  // namespace waypost
