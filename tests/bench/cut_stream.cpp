// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/cut_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "app/demo/loopback.h"

namespace waypost::bench {
namespace {

constexpr int kLookMs = 50;
constexpr int kQuietMs = 100;  // after that the component has written what it will
constexpr std::string_view kLetter = "<message ";

// Occurrences in a stream that comes in pieces.
class Counter {
  public:
    // Behind which byte of the piece the `wanted`th begins; npos: there are not so many.
    std::size_t count(std::string_view bytes, long wanted) {
        const std::string all = tail_ + std::string(bytes);
        std::size_t last = std::string::npos;
        for (std::size_t at = all.find(kLetter); at != std::string::npos;
             at = all.find(kLetter, at + kLetter.size()))
            if (++found_ == wanted) last = at - std::min(at, tail_.size());
        const std::size_t keep = std::min(all.size(), kLetter.size() - 1);
        tail_ = all.substr(all.size() - keep);
        return last;
    }
    long found() const { return found_; }

  private:
    std::string tail_;
    long found_ = 0;
};

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void reset(int fd) {
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
}

}  // namespace

CutStream::CutStream(int server_port, int letters_each)
    : server_port_(server_port), letters_each_(letters_each) {
    const Listening listening = listen_on_loopback();
    listener_ = listening.fd;
    port_ = listening.port;
    thread_ = std::thread([this] { serve(); });
}

CutStream::~CutStream() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void CutStream::serve() {
    while (!stopping_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, kLookMs) != 1) continue;
        const int component = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(component, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const int server = connect_on_loopback(server_port_);
        if (server >= 0) {
            ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            carry(component, server);
            ::close(server);  // what passed, the server reads to its end
        }
        reset(component);
    }
}

void CutStream::carry(int component, int server) {
    std::array<char, 64u << 10> bytes{};
    Counter passed, all;
    bool cut = false;
    while (!stopping_) {
        std::array<pollfd, 2> ends{pollfd{component, POLLIN, 0},
                                   pollfd{cut ? -1 : server, POLLIN, 0}};
        const int ready = ::poll(ends.data(), ends.size(), cut ? kQuietMs : kLookMs);
        if (ready == 0 && cut) break;
        for (const auto& [fd, events, got] : ends) {
            if (fd < 0 || got == 0) continue;
            const ssize_t n = ::recv(fd, bytes.data(), bytes.size(), 0);
            if (n <= 0) return;
            const std::string_view piece(bytes.data(), static_cast<std::size_t>(n));
            if (fd == server) {
                if (!cut && !send_all(component, piece)) return;
                continue;
            }
            all.count(piece, 0);
            if (cut) continue;
            // The letter behind the last that may pass is swallowed whole.
            const std::size_t end = passed.count(piece, letters_each_ + 1);
            cut = end != std::string_view::npos && !whole_;
            if (!send_all(server, cut ? piece.substr(0, end) : piece)) return;
        }
    }
    if (!cut) return;
    ++cuts_;
    swallowed_ += all.found() - letters_each_;
}

}  // namespace waypost::bench
