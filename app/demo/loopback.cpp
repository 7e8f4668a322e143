// SPDX-License-Identifier: Apache-2.0
#include "app/demo/loopback.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace waypost {

Listening listen_on_loopback(int backlog) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, raw, size) != 0 || ::listen(fd, backlog) != 0 ||
        ::getsockname(fd, raw, &size) != 0) {
        ::close(fd);
        throw std::runtime_error("no free port on loopback");
    }
    return {fd, ntohs(address.sin_port)};
}

int free_port() {
    const Listening listening = listen_on_loopback(1);
    ::close(listening.fd);
    return listening.port;
}

}  // namespace waypost
