// SPDX-License-Identifier: Apache-2.0
#include "web/site/front.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <vector>

namespace waypost::site {
namespace {

namespace net = Poco::Net;
using Steady = std::chrono::steady_clock;

constexpr int kWaitingConnections = 128;
constexpr std::size_t kMostReady = 64;
constexpr int kPauseMs = 100;        // when no descriptor is left
constexpr unsigned kHousehold = 64;  // bits of an IPv6 address

// Whom the limit counts together.
std::string household_of(const net::IPAddress& address) {
    if (address.family() == net::IPAddress::IPv4 || address.isIPv4Mapped())
        return address.toString();
    return (address & net::IPAddress(kHousehold, net::IPAddress::IPv6)).toString();
}

}  // namespace

Fd Front::listening(const std::string& address, const char* setting) {
    if (address.empty()) return Fd();
    try {
        net::ServerSocket socket(net::SocketAddress(address), kWaitingConnections);
        socket.setBlocking(false);
        return Fd(::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0));
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("[console] " + std::string(setting) + ": cannot listen on " +
                                 address + ": " + e.displayText());
    }
}

net::SocketAddress Front::address_of(const Fd& fd) {
    sockaddr_storage bytes{};
    socklen_t size = sizeof bytes;
    auto* address = reinterpret_cast<sockaddr*>(&bytes);  // NOLINT: as getsockname(2) has it
    if (!fd.good() || ::getsockname(fd.get(), address, &size) != 0) return {};
    return net::SocketAddress(address, size);
}

net::SocketAddress Front::address() { return address_of(clear_.good() ? clear_ : tls_); }

Front::Front(FrontOptions options)
    : options_(std::move(options)),
      clear_(listening(options_.listen, "listen")),
      tls_(listening(options_.tls_listen, "tls_listen")),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

Front::~Front() { end(); }

void Front::end() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    ::eventfd_write(wake_.get(), 1);
    if (thread_.joinable()) thread_.join();
    beginning_.clear();
}

// ---- for Poco's server

bool Front::poll(const Poco::Timespan& timeout, int) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::microseconds(timeout.totalMicroseconds()),
                             [this] { return !ready_.empty(); });
}

net::SocketImpl* Front::acceptConnection(net::SocketAddress& client) {
    Owned next;
    {
        const std::lock_guard lock(mutex_);
        if (ready_.empty()) throw Poco::TimeoutException("nobody waits");
        next = ready_.front();
        ready_.pop_front();
    }
    client = next->peerAddress();
    return next.duplicate();
}

// ---- its thread

void Front::run() {
    std::vector<pollfd> all;
    for (;;) {
        all.assign({{wake_.get(), POLLIN, 0}, {clear_.get(), POLLIN, 0}, {tls_.get(), POLLIN, 0}});
        for (const Beginning& each : beginning_)
            all.push_back({each.socket->sockfd(), each.events, 0});
        const int happened = ::poll(all.data(), all.size(), patience(Steady::now()));
        {
            const std::lock_guard lock(mutex_);
            if (ends_) return;
        }
        if (happened < 0) continue;
        const auto now = Steady::now();
        auto at = all.begin() + 3;
        for (auto each = beginning_.begin(); each != beginning_.end(); ++at) {
            const bool goes_on = now < each->until && (at->revents == 0 || go_on(*each));
            each = goes_on ? std::next(each) : beginning_.erase(each);
        }
        if (all[1].revents != 0) take_from(clear_);
        if (all[2].revents != 0) take_from(tls_);
    }
}

int Front::patience(Time now) const {
    if (beginning_.empty()) return -1;
    const auto first =
        std::min_element(beginning_.begin(), beginning_.end(),
                         [](const auto& a, const auto& b) { return a.until < b.until; });
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first->until - now);
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void Front::take_from(const Fd& listening) {
    for (std::size_t i = 0; i < kMostBeginningFrom; ++i) {
        Fd fd(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd.good()) {
            if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, kPauseMs);
            return;
        }
        try {
            const bool tls = &listening == &tls_;
            Beginning next{};
            next.connection =
                tls ? encrypted(std::move(fd), options_.context()) : in_clear(std::move(fd));
            next.socket = Owned(&next.connection->socket());
            next.from = household_of(next.socket->peerAddress().host());
            next.until = Steady::now() + options_.begin;
            next.events = POLLIN;
            make_room(next.from);
            beginning_.push_back(std::move(next));
        } catch (const Poco::Exception&) {  // it is gone already
        }
    }
}

void Front::make_room(const std::string& from) {
    const auto same = [&](const Beginning& each) { return each.from == from; };
    const auto his = std::count_if(beginning_.begin(), beginning_.end(), same);
    if (static_cast<std::size_t>(his) >= kMostBeginningFrom)
        beginning_.erase(std::find_if(beginning_.begin(), beginning_.end(), same));
    else if (beginning_.size() >= kMostBeginning)
        beginning_.pop_front();
}

bool Front::go_on(Beginning& with) {
    try {
        with.events = with.connection->go_on();
        if (with.connection->has_head() && !with.in_body) {
            with.in_body = true;
            with.until = Steady::now() + options_.body;
        }
        if (with.events != 0) return true;
        const std::lock_guard lock(mutex_);
        if (ready_.size() < kMostReady) ready_.push_back(with.socket);
        changed_.notify_one();
    } catch (const Poco::Exception&) {  // no TLS that we speak, or it is gone
    }
    return false;
}

}  // namespace waypost::site
