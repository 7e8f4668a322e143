// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/other_servers.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost::bench {
namespace {

constexpr int kKeys = 20;
constexpr std::size_t kReadAtOnce = 64 * 1024;

std::string answer_of(const std::string& status, const std::string& type, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::size_t length_in(const std::string& head) {
    const std::string small = lower_ascii(head);
    const std::size_t at = small.find("\r\ncontent-length:");
    return at == std::string::npos ? 0 : std::stoul(small.substr(at + 17));
}

bool is_chunked(const std::string& head) {
    return lower_ascii(head).find("\r\ntransfer-encoding:") != std::string::npos;
}

}  // namespace

OtherServers::OtherServers(std::string host, const std::string& address, int count)
    : host_(std::move(host)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      end_(::eventfd(0, EFD_CLOEXEC)) {
    for (int i = 0; i < kKeys; ++i) {
        keys_.push_back(std::move(*activitypub::SigningKey::make()));
        public_keys_.push_back(keys_.back().public_pem());
    }
    watch(end_.get());
    listen_at(address, 80);
    for (int i = 0; i < count; ++i) listen_at(address, kFirstPort + i);
    thread_ = std::thread([this] { serve(); });
}

OtherServers::~OtherServers() {
    ::eventfd_write(end_.get(), 1);
    thread_.join();
}

void OtherServers::watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void OtherServers::listen_at(const std::string& address, int port) {
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(socket.get(), 128) != 0)
        throw std::runtime_error("cannot listen at " + address + ':' + std::to_string(port));
    watch(socket.get());
    const int fd = socket.get();
    listeners_[fd] = {std::move(socket), port};
}

activitypub::OwnActor OtherServers::actor(int port, const std::string& name) const {
    const std::string authority = port == 80 ? host_ : host_ + ':' + std::to_string(port);
    return {"http://" + authority, authority, name};
}

const activitypub::SigningKey& OtherServers::key_of(const std::string& name) const {
    return keys_[std::hash<std::string>()(name) % keys_.size()];
}

void OtherServers::serve() {
    std::array<epoll_event, 64> events{};
    for (;;) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == end_.get()) return;
            if (const auto listener = listeners_.find(fd); listener != listeners_.end()) {
                accept_from(fd, listener->second.second);
                continue;
            }
            const auto known = connections_.find(fd);
            if (known != connections_.end() && !read_from(known->second)) connections_.erase(known);
        }
    }
}

void OtherServers::accept_from(int listener, int port) {
    Fd socket(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket.good()) return;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(socket.get());
    const int fd = socket.get();
    connections_[fd] = {std::move(socket), port, {}};
}

bool OtherServers::read_from(Connection& connection) {
    static thread_local std::array<char, kReadAtOnce> bytes;
    const ssize_t n = ::recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
    if (n <= 0) return false;
    connection.came.append(bytes.data(), static_cast<std::size_t>(n));
    // Somebody tries TLS first, as he should.
    if (connection.came[0] == '\x16') return false;
    for (std::string says = take(connection); !says.empty(); says = take(connection))
        if (::send(connection.socket.get(), says.data(), says.size(), MSG_NOSIGNAL) < 0)
            return false;
    return true;
}

std::string OtherServers::take(Connection& connection) {
    std::string& came = connection.came;
    const std::size_t head_end = came.find("\r\n\r\n");
    if (head_end == std::string::npos) return {};
    const std::string head = came.substr(0, head_end);
    std::size_t end = head_end + 4;
    std::string body;
    if (is_chunked(head)) {
        const std::size_t last = came.find("0\r\n\r\n", end);
        if (last == std::string::npos) return {};
        body = came.substr(end, last - end);
        end = last + 5;
    } else {
        const std::size_t length = length_in(head);
        if (came.size() < end + length) return {};
        body = came.substr(end, length);
        end += length;
    }
    came.erase(0, end);
    return answer(connection.port, head.substr(0, head.find("\r\n")), std::move(body));
}

std::string OtherServers::answer(int port, const std::string& line, std::string body) {
    const auto now = std::chrono::steady_clock::now();
    const std::size_t begin = line.find(' ') + 1;
    const std::string target = line.substr(begin, line.rfind(' ') - begin);
    if (line.rfind("POST ", 0) == 0) {
        const bool to_all = target == "/ap/inbox";
        const std::lock_guard lock(mutex_);
        (to_all ? shared_ : personal_).push_back({now, port, to_all ? "" : std::move(body)});
        return answer_of("202 Accepted", "text/plain", "");
    }
    if (target.rfind("/.well-known/webfinger?", 0) == 0) {
        const std::size_t name = target.find("acct") + 5;  // a colon, or %3A
        const std::size_t at = std::min(target.find('@'), target.find("%40"));
        const std::size_t from = target.compare(name - 1, 3, "%3A") == 0 ? name + 2 : name;
        return answer_of("200 OK", "application/jrd+json",
                         activitypub::webfinger_json(actor(port, target.substr(from, at - from))));
    }
    if (target.rfind("/ap/", 0) != 0) return answer_of("404 Not Found", "text/plain", "");
    const std::string name = target.substr(4);
    activitypub::OwnProfile profile;
    profile.type = "Person";
    profile.display_name = name;
    profile.key_pem = public_keys_[std::hash<std::string>()(name) % keys_.size()];
    return answer_of("200 OK", "application/activity+json",
                     activitypub::actor_json(actor(port, name), profile));
}

std::vector<OtherServers::Arrival> OtherServers::shared() {
    const std::lock_guard lock(mutex_);
    return std::exchange(shared_, {});
}

std::vector<OtherServers::Arrival> OtherServers::personal() {
    const std::lock_guard lock(mutex_);
    return std::exchange(personal_, {});
}

std::size_t OtherServers::shared_waiting() const {
    const std::lock_guard lock(mutex_);
    return shared_.size();
}

std::size_t OtherServers::personal_waiting() const {
    const std::lock_guard lock(mutex_);
    return personal_.size();
}

}  // namespace waypost::bench
