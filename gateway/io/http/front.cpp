// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/http/front.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <vector>

namespace waypost {
namespace {

namespace net = Poco::Net;
using Steady = std::chrono::steady_clock;

constexpr int kWaitingConnections = 128;
constexpr std::size_t kMostReady = 64;
constexpr std::size_t kMostEnding = 32;
constexpr std::chrono::seconds kEnding{5};  // for what somebody still sends after his answer
constexpr int kPauseMs = 100;               // when no descriptor is left
constexpr unsigned kHousehold = 64;         // bits of an IPv6 address

// Poco's server asks so often (TCPServer::run), only to see whether it has ended: each time wakes
// the processor of a box that waits.
const Poco::Timespan kPocoAsks(250'000);

}  // namespace

std::string household_of(const net::IPAddress& address) {
    if (address.family() == net::IPAddress::IPv4) return address.toString();
    if (address.isIPv4Mapped()) return address.toString().substr(address.toString().rfind(':') + 1);
    return (address & net::IPAddress(kHousehold, net::IPAddress::IPv6)).toString();
}

Fd HttpFront::listening(const std::string& address, const char* setting) const {
    if (address.empty()) return Fd();
    try {
        net::ServerSocket socket;
        socket.bind(net::SocketAddress(address), true, false);  // nobody else has it
        socket.listen(kWaitingConnections);
        socket.setBlocking(false);
        return Fd(::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0));
    } catch (const Poco::Exception& e) {
        throw std::runtime_error(options_.section + ' ' + setting + ": cannot listen on " +
                                 address + ": " + e.displayText());
    }
}

net::SocketAddress HttpFront::address_of(const Fd& fd) {
    sockaddr_storage bytes{};
    socklen_t size = sizeof bytes;
    auto* address = reinterpret_cast<sockaddr*>(&bytes);  // NOLINT: as getsockname(2) has it
    if (!fd.good() || ::getsockname(fd.get(), address, &size) != 0) return {};
    return net::SocketAddress(address, size);
}

net::SocketAddress HttpFront::address() { return address_of(clear_.good() ? clear_ : tls_); }

HttpFront::HttpFront(HttpFrontOptions options)
    : options_(std::move(options)),
      proxy_(options_.proxy.empty() ? "" : household_of(net::IPAddress(options_.proxy))),
      clear_(listening(options_.listen, "listen")),
      tls_(listening(options_.tls_listen, "tls_listen")),
      returns_(std::make_shared<HttpReturns>()),
      thread_([this] { run(); }) {}

HttpFront::~HttpFront() { end(); }

void HttpFront::end() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    returns_->wake_up();
    if (thread_.joinable()) thread_.join();
    returns_->close();
    beginning_.clear();
    ending_.clear();
}

// ---- for Poco's server

bool HttpFront::poll(const Poco::Timespan& timeout, int) {
    std::unique_lock lock(mutex_);
    // Who ends Poco's server ends this before.
    if (timeout == kPocoAsks) changed_.wait(lock, [this] { return !ready_.empty() || ends_; });
    return changed_.wait_for(lock, std::chrono::microseconds(timeout.totalMicroseconds()),
                             [this] { return !ready_.empty(); });
}

net::SocketImpl* HttpFront::acceptConnection(net::SocketAddress& client) {
    Held next;
    {
        const std::lock_guard lock(mutex_);
        if (ready_.empty()) throw Poco::TimeoutException("nobody waits");
        next = std::move(ready_.front());
        ready_.pop_front();
    }
    client = next->peer();
    const std::size_t bytes = next->request().bytes();
    try {
        return new HttpLease(std::move(next), returns_, options_.idle.count() > 0);  // NOLINT
    } catch (const Poco::Exception&) {
        returns_->bytes_out -= bytes;
        throw;
    }
}

// ---- its thread

void HttpFront::run() {
    std::vector<pollfd> all;
    for (;;) {
        all.assign(
            {{returns_->wake(), POLLIN, 0}, {clear_.get(), POLLIN, 0}, {tls_.get(), POLLIN, 0}});
        for (const Beginning& each : beginning_)
            all.push_back({each.connection->fd(), each.events, 0});
        for (const Ending& each : ending_) all.push_back({each.connection->fd(), POLLIN, 0});
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
        for (auto each = ending_.begin(); each != ending_.end(); ++at) {
            const bool goes_on =
                now < each->until && (at->revents == 0 || each->connection->drop_what_comes());
            each = goes_on ? std::next(each) : ending_.erase(each);
        }
        if (all[0].revents != 0) take_returned();
        if (all[1].revents != 0) take_from(clear_);
        if (all[2].revents != 0) take_from(tls_);
        keep_within();
    }
}

int HttpFront::patience(Time now) const {
    auto first = Time::max();
    for (const Beginning& each : beginning_) first = std::min(first, each.until);
    for (const Ending& each : ending_) first = std::min(first, each.until);
    if (first == Time::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - now);
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void HttpFront::take_from(const Fd& listening) {
    for (std::size_t i = 0; i < kMostBeginningFrom; ++i) {
        sockaddr_storage bytes{};
        socklen_t size = sizeof bytes;
        auto* address = reinterpret_cast<sockaddr*>(&bytes);  // NOLINT: as accept4(2) has it
        Fd fd(::accept4(listening.get(), address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd.good()) {
            if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, kPauseMs);
            return;
        }
        try {
            const net::SocketAddress peer(address, size);
            begin(&listening == &tls_
                      ? encrypted(std::move(fd), peer, options_.request, options_.context())
                      : in_clear(std::move(fd), peer, options_.request),
                  Stage::Head);
        } catch (const Poco::Exception&) {  // it is gone already
        }
    }
}

void HttpFront::begin(Held connection, Stage stage) {
    Beginning next;
    next.from = household_of(connection->peer().host());
    next.connection = std::move(connection);
    next.stage = stage;
    next.until = limit_of(stage);
    next.events = POLLIN;
    make_room(next.from);
    beginning_.push_back(std::move(next));
}

void HttpFront::take_returned() {
    for (auto& [connection, goes_on_too] : returns_->take()) {
        if (!goes_on_too) {
            connection->say_end();
            if (ending_.size() >= kMostEnding) ending_.pop_front();
            ending_.push_back({std::move(connection), Steady::now() + kEnding});
            continue;
        }
        if (!connection->request().next().ok()) continue;
        begin(std::move(connection), Stage::Idle);
        // Part of it may have come with the last one, and no poll tells.
        if (!go_on(beginning_.back())) beginning_.pop_back();
    }
}

void HttpFront::make_room(const std::string& from) {
    const auto same = [&](const Beginning& each) { return each.from == from; };
    const auto his = std::count_if(beginning_.begin(), beginning_.end(), same);
    if (from != proxy_ && static_cast<std::size_t>(his) >= kMostBeginningFrom)
        beginning_.erase(std::find_if(beginning_.begin(), beginning_.end(), same));
    else if (beginning_.size() >= kMostBeginning)
        beginning_.pop_front();
}

// Of more bytes than there is room for the largest request goes.
void HttpFront::keep_within() {
    const auto bytes = [](const Beginning& each) { return each.connection->request().bytes(); };
    std::size_t all = returns_->bytes_out;
    for (const Beginning& each : beginning_) all += bytes(each);
    while (all > options_.most_bytes && !beginning_.empty()) {
        const auto largest =
            std::max_element(beginning_.begin(), beginning_.end(),
                             [&](const auto& a, const auto& b) { return bytes(a) < bytes(b); });
        if (bytes(*largest) == 0) return;
        all -= bytes(*largest);
        beginning_.erase(largest);
    }
}

HttpFront::Time HttpFront::limit_of(Stage stage) const {
    const auto lasts = stage == Stage::Idle   ? options_.idle
                       : stage == Stage::Head ? options_.begin
                                              : options_.body;
    return Steady::now() + lasts;
}

bool HttpFront::go_on(Beginning& with) {
    try {
        HttpConnection& connection = *with.connection;
        with.events = connection.go_on();
        const Stage now = connection.request().has_head()    ? Stage::Body
                          : connection.request().bytes() > 0 ? Stage::Head
                                                             : with.stage;
        if (now > with.stage) {
            with.stage = now;
            with.until = limit_of(now);
        }
        if (with.events != 0) return true;
        const std::lock_guard lock(mutex_);
        if (ready_.size() >= kMostReady) return false;
        returns_->bytes_out += connection.request().bytes();
        ready_.push_back(std::move(with.connection));
        changed_.notify_one();
    } catch (const Poco::Exception&) {  // no TLS that we speak, or it is gone
    }
    return false;
}

}  // namespace waypost
