// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/tcp_carrier.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/SocketImpl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "gateway/base/log.h"

namespace waypost::reticulum {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostUnsent = 256 * 1024;  // of one connection
constexpr std::size_t kReadAtOnce = 16 * 1024;
constexpr int kConnectSeconds = 5;
constexpr milliseconds kAcceptAgain{1000};
// A machine that went away without a word is missed after so long.
constexpr int kIdleSeconds = 10, kProbeSeconds = 5, kProbes = 4, kUnacked = 30'000;

void watch_peer(const Poco::Net::StreamSocket& socket) {
    const int fd = socket.impl()->sockfd();
    const auto set = [fd](int level, int name, int value) {
        (void)::setsockopt(fd, level, name, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
    set(IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
    set(IPPROTO_TCP, TCP_KEEPCNT, kProbes);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacked);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

}  // namespace

TcpCarrier::TcpCarrier(TcpCarrierOptions options) : options_(std::move(options)) {}

TcpCarrier::~TcpCarrier() { stop(); }

std::string TcpCarrier::where() const {
    return (options_.listens ? "tcp-listen:" : "tcp:") + options_.host + ':' +
           std::to_string(options_.port);
}

void TcpCarrier::start(Office& office, const TransportId& id, CarrierDoor& door) {
    office_ = &office;
    id_ = id;
    door_ = &door;
    if (options_.listens) {
        try {
            auto listener = std::make_unique<Poco::Net::ServerSocket>();
            listener->bind(
                Poco::Net::SocketAddress(options_.host, static_cast<Poco::UInt16>(options_.port)),
                true);
            listener->listen(16);
            listener->setBlocking(false);
            const std::lock_guard lock(mutex_);
            listener_ = std::move(listener);
        } catch (const Poco::Exception& e) {
            throw std::runtime_error("cannot listen at " + where() + ": " + e.displayText());
        }
        say_why("nobody has connected yet");
    } else {
        say_why("not connected yet");
    }
    pauses_.emplace(options_.first_pause, office.random());
    thread_ = std::thread([this] { run(); });
}

void TcpCarrier::stop() {
    stopping_ = true;
    wake_.ring();
    if (thread_.joinable()) thread_.join();
}

int TcpCarrier::port() const { return listener_ ? listener_->address().port() : options_.port; }

void TcpCarrier::run() {
    door_->carrier_changed();
    while (!stopping_) {
        if (!options_.listens && connections_.empty() && Steady::now() >= connect_at_) connect();
        wait();
    }
    while (!connections_.empty()) lose(connections_.begin()->first, "stopped");
}

void TcpCarrier::connect() {
    std::string why;
    try {
        const Poco::Net::SocketAddress address(options_.host,
                                               static_cast<Poco::UInt16>(options_.port));
        Poco::Net::StreamSocket socket;
        socket.connect(address, Poco::Timespan(kConnectSeconds, 0));
        return add(socket, where());
    } catch (const Poco::Exception& e) {
        why = "no connection to " + where().substr(4) + ": " + e.displayText();
    }
    connect_at_ = Steady::now() + pauses_->next();
    say_why(why);
    door_->carrier_changed();
}

void TcpCarrier::accept() {
    try {
        Poco::Net::SocketAddress from;
        const Poco::Net::StreamSocket socket = listener_->acceptConnection(from);
        if (connections_.size() < options_.most_connections)
            return add(socket, from.host().toString());
        log(Level::Warning, "reticulum", "too many connections",
            {{"id", id_}, {"from", from.host().toString()}});
    } catch (const Poco::Exception&) {
        // Who connected has gone again, or no file is left to open: then he waits.
        accept_at_ = Steady::now() + kAcceptAgain;
    }
}

void TcpCarrier::add(const Poco::Net::StreamSocket& socket, const std::string& name) {
    auto made = std::make_unique<Connection>();
    made->number = ++last_;
    made->socket = socket;
    made->socket.setBlocking(false);
    watch_peer(made->socket);
    made->name = name;
    made->bucket = TokenBucket(options_.rate.most, to_ms(office_->clock().box()));
    {
        const std::lock_guard lock(mutex_);
        connections_.emplace(last_, std::move(made));
        why_.clear();
    }
    door_->interface_up(last_, {name, 0});
    door_->carrier_changed();
}

void TcpCarrier::lose(InterfaceNumber number, const std::string& why) {
    bool none = false;
    {
        const std::lock_guard lock(mutex_);
        connections_.erase(number);
        none = connections_.empty();
        if (none) why_ = options_.listens ? "nobody is connected" : "lost " + where() + ": " + why;
    }
    if (!options_.listens) connect_at_ = Steady::now() + pauses_->next();
    door_->interface_down(number);
    if (none) door_->carrier_changed();
}

// Milliseconds until something is to be done that nobody wakes it for; -1: nothing is.
int TcpCarrier::patience() const {
    const bool connects = !options_.listens && connections_.empty();
    const Steady::time_point at = connects ? connect_at_ : accept_at_;
    const auto left = std::chrono::ceil<milliseconds>(at - Steady::now());
    if (left.count() > 0) return static_cast<int>(left.count());
    return connects ? 0 : -1;
}

void TcpCarrier::wait() {
    std::vector<pollfd> watched{{wake_.fd(), POLLIN, 0}};
    std::vector<InterfaceNumber> numbers;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, each] : connections_) {
            const short events = each->out.empty() ? POLLIN : POLLIN | POLLOUT;
            watched.push_back({each->socket.impl()->sockfd(), events, 0});
            numbers.push_back(number);
        }
    }
    const bool accepts = listener_ && Steady::now() >= accept_at_;
    if (accepts) watched.push_back({listener_->impl()->sockfd(), POLLIN, 0});
    ::poll(watched.data(), watched.size(), patience());
    if (stopping_) return;
    wake_.clear();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto found = connections_.find(numbers[i]);
        if (found != connections_.end() && watched[i + 1].revents != 0)
            serve(*found->second, watched[i + 1].revents);
    }
    if (accepts && (watched.back().revents & POLLIN) != 0) accept();
}

void TcpCarrier::serve(Connection& connection, short events) {
    const InterfaceNumber number = connection.number;
    if ((events & POLLOUT) != 0 && !write(connection)) return lose(number, std::strerror(errno));
    if ((events & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0 && !read(connection))
        lose(number, "the other side closed it");
}

bool TcpCarrier::read(Connection& connection) {
    std::string bytes(kReadAtOnce, '\0');
    const ssize_t n = ::recv(connection.socket.impl()->sockfd(), bytes.data(), bytes.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n <= 0) return false;
    bytes.resize(static_cast<std::size_t>(n));
    const std::uint64_t broken = connection.parser.broken();
    for (const std::string& packet : connection.parser.feed(bytes)) {
        if (!connection.bucket.take(options_.rate, 1, to_ms(office_->clock().box()))) {
            ++too_many_;
            continue;
        }
        ++received_;
        pauses_->went_well();
        door_->came(connection.number, packet, {});
    }
    broken_ += connection.parser.broken() - broken;
    return true;
}

bool TcpCarrier::write(Connection& connection) {
    const std::lock_guard lock(mutex_);
    while (!connection.out.empty()) {
        const ssize_t n = ::send(connection.socket.impl()->sockfd(), connection.out.data(),
                                 connection.out.size(), MSG_NOSIGNAL);
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        connection.out.erase(0, static_cast<std::size_t>(n));
    }
    return true;
}

Carrier::Took TcpCarrier::send(InterfaceNumber on, const std::string& packet, bool) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = connections_.find(on);
        if (found == connections_.end()) return Took::NoLine;
        std::string& out = found->second->out;
        if (out.size() > kMostUnsent) return Took::NoRoom;
        out += hdlc_frame(packet);
    }
    ++sent_;
    wake_.ring();
    return Took::Yes;
}

void TcpCarrier::say_why(const std::string& why) {
    const std::lock_guard lock(mutex_);
    why_ = why;
}

// Where it listens it is there for whoever comes.
bool TcpCarrier::up() const {
    const std::lock_guard lock(mutex_);
    return !connections_.empty() || listener_ != nullptr;
}

Status TcpCarrier::status() const {
    Status status;
    const std::lock_guard lock(mutex_);
    status.up = !connections_.empty() || listener_ != nullptr;
    status.why = status.up ? std::string() : why_;
    if (options_.listens) status.details["connected"] = std::to_string(connections_.size());
    status.details["received"] = std::to_string(received_);
    status.details["sent"] = std::to_string(sent_);
    status.details["broken frames"] = std::to_string(broken_);
    status.details["too many"] = std::to_string(too_many_);
    return status;
}

}  // namespace waypost::reticulum
