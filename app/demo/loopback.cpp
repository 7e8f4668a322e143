// SPDX-License-Identifier: Apache-2.0
#include "app/demo/loopback.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <random>
#include <stdexcept>

namespace waypost {
namespace {

// Below what Linux gives to outgoing connections (32768 to 60999): one of those would take a port
// between the look at it and its use.
constexpr int kFirst = 12000;
constexpr int kLast = 32000;
constexpr int kTries = 200;

sockaddr_in address_of(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// -1 if somebody has the port. 0: any port.
Listening listen_on(int port, int backlog) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = address_of(port);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, raw, size) == 0 && ::listen(fd, backlog) == 0 &&
        ::getsockname(fd, raw, &size) == 0) {
        return {fd, ntohs(address.sin_port)};
    }
    ::close(fd);
    return {};
}

}  // namespace

Listening listen_on_loopback(int backlog) {
    const Listening listening = listen_on(0, backlog);
    if (listening.fd < 0) throw std::runtime_error("no free port on loopback");
    return listening;
}

int connect_on_loopback(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = address_of(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
}

int free_port() {
    thread_local std::mt19937 chance{std::random_device{}()};
    std::uniform_int_distribution<int> ports(kFirst, kLast);
    for (int i = 0; i < kTries; ++i) {
        const Listening listening = listen_on(ports(chance), 1);
        if (listening.fd < 0) continue;
        ::close(listening.fd);
        return listening.port;
    }
    throw std::runtime_error("no free port on loopback");
}

}  // namespace waypost
