// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/wire.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace waypost::xmpp {
namespace {

constexpr std::int64_t kLongestPoll = 3'600'000;

int poll_time(milliseconds time) {
    return static_cast<int>(std::clamp<std::int64_t>(time.count(), 0, kLongestPoll));
}

Error gone(const char* why) {
    return {Code::Network, std::string("the connection to the XMPP server was lost: ") + why, true};
}

Error not_reached(const std::string& host, int port, const std::string& why) {
    return {Code::Network,
            "no XMPP server at " + host + ':' + std::to_string(port) + " (" + why +
                "): is it running, with a component listener there?",
            true};
}

bool passes() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

Bell::Bell() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Bell::~Bell() { ::close(fd_); }

void Bell::ring() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(fd_, &one, sizeof one);
}

void Bell::silence() noexcept {
    std::uint64_t count = 0;
    (void)!::read(fd_, &count, sizeof count);
}

void Bell::wait(milliseconds time) {
    pollfd watched{fd_, POLLIN, 0};
    if (::poll(&watched, 1, poll_time(time)) > 0) silence();
}

Wire::Wire(Poco::Net::StreamSocket socket)
    : socket_(std::move(socket)), fd_(socket_.impl()->sockfd()) {}

Result<Wire> Wire::connect(const std::string& host, int port, milliseconds time, Bell& bell) {
    try {
        Poco::Net::StreamSocket socket;
        socket.connectNB(Poco::Net::SocketAddress(host, static_cast<Poco::UInt16>(port)));
        pollfd watched[2] = {{bell.fd(), POLLIN, 0}, {socket.impl()->sockfd(), POLLOUT, 0}};
        (void)::poll(watched, 2, poll_time(time));
        if ((watched[0].revents & POLLIN) != 0) return Error{Code::Conflict, "called off", true};
        if (watched[1].revents == 0) return not_reached(host, port, "it does not answer");
        if (const int error = socket.impl()->socketError(); error != 0)
            return not_reached(host, port, std::strerror(error));
        socket.setNoDelay(true);
        return Wire(std::move(socket));
    } catch (const Poco::Exception& e) {
        return not_reached(host, port, e.displayText());
    }
}

Result<std::size_t> Wire::read(char* into, std::size_t size) {
    const ssize_t n = ::recv(fd_, into, size, 0);
    if (n > 0) {
        // A server that gathers small writes (Nagle's algorithm, RFC 9293 3.7.4) holds the next
        // stanzas until these are acknowledged, which the kernel puts off for up to 40 ms. It
        // forgets the wish again by itself.
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        return static_cast<std::size_t>(n);
    }
    if (n == 0) return gone("it hung up");
    if (passes()) return std::size_t{0};
    return gone(std::strerror(errno));
}

Result<std::size_t> Wire::write(std::string_view bytes) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (passes()) return std::size_t{0};
    return gone(std::strerror(errno));
}

Wire::Woken Wire::wait(bool input, bool room, milliseconds time, Bell& bell) {
    pollfd watched[2] = {{bell.fd(), POLLIN, 0}, {fd_, 0, 0}};
    if (input) watched[1].events |= POLLIN;
    if (room) watched[1].events |= POLLOUT;
    if (!input && !room) watched[1].fd = -1;  // a dead one would not let us sleep
    (void)::poll(watched, 2, poll_time(time));
    const bool rung = (watched[0].revents & POLLIN) != 0;
    if (rung) bell.silence();
    return {input && (watched[1].revents & ~POLLOUT) != 0, rung};
}

}  // namespace waypost::xmpp
