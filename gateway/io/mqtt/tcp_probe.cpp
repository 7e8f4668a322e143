// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/mqtt/tcp_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "gateway/base/fd.h"

namespace waypost::mqtt {
namespace {

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

// 0, or an errno.
int connect_one(const addrinfo& to, std::chrono::milliseconds within, int wake_fd) {
    const Fd line(::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!line.good()) return errno;
    if (::connect(line.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd waits[2] = {{line.get(), POLLOUT, 0}, {wake_fd, POLLIN, 0}};
    if (::poll(waits, 2, static_cast<int>(within.count())) <= 0) return ETIMEDOUT;
    if (waits[0].revents == 0) return ECANCELED;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(line.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

}  // namespace

Result<void> probe_tcp(const std::string& host, int port, std::chrono::milliseconds within,
                       int wake_fd) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string service = std::to_string(port);
    if (const int bad = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found); bad != 0)
        return Error{Code::Network, host + ": " + ::gai_strerror(bad), true};
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    int error = EHOSTUNREACH;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        error = connect_one(*each, within, wake_fd);
        if (error == 0) return {};
        if (error == ECANCELED) break;
    }
    return Error{Code::Network, host + ':' + service + ": " + std::strerror(error), true};
}

}  // namespace waypost::mqtt
