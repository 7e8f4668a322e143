// SPDX-License-Identifier: Apache-2.0
#include "web/site/connection.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace waypost::site {
namespace {

namespace net = Poco::Net;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMostHead = 16 * 1024;
constexpr milliseconds kStep = std::chrono::seconds(20);  // without a byte

// What was read of the request before a thread had it.
class Head {
  public:
    bool whole() const { return bytes_.find("\r\n\r\n") != std::string::npos; }
    bool empty() const { return bytes_.empty(); }
    void add(const char* bytes, int size) {
        bytes_.append(bytes, static_cast<std::size_t>(size));
        if (bytes_.size() > kMostHead) throw Poco::DataFormatException("a request without end");
    }
    int take(void* room, int length) {
        const std::size_t size = std::min(bytes_.size(), static_cast<std::size_t>(length));
        std::memcpy(room, bytes_.data(), size);
        bytes_.erase(0, size);
        return static_cast<int>(size);
    }

  private:
    std::string bytes_;
};

// Each wait ends after `kStep`, and all of them at a deadline: a time-out of the socket would begin
// anew with each byte, under TLS even inside the library.
class Waiting {
  public:
    void until(std::chrono::seconds whole) { until_ = Steady::now() + whole; }
    void wait(int fd, short event) const { wait(fd, event, until_); }
    // Of writing: an answer may take long, a piece of it not.
    static void wait_for_piece(int fd, short event) { wait(fd, event, Steady::now() + kStep); }

  private:
    static void wait(int fd, short event, Steady::time_point until) {
        const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
        const auto most = std::clamp(left, milliseconds(0), kStep);
        pollfd wanted{fd, event, 0};
        const int happened = ::poll(&wanted, 1, static_cast<int>(most.count()));
        if (happened == 0 || left.count() <= 0)
            throw Poco::TimeoutException("the other side is too slow");
    }
    Steady::time_point until_;
};

// Reads what is there, without waiting; 0: all of it, else what to wait for. `receive` says how
// many bytes came, 0 at the end, or what it waits for, negative.
template <class Receive>
short read_head(Head& head, const Receive& receive) {
    std::array<char, 4096> piece{};
    while (!head.whole()) {
        const int n = receive(piece.data(), static_cast<int>(piece.size()));
        if (n == 0) throw net::ConnectionResetException();
        if (n < 0) return static_cast<short>(-n);
        head.add(piece.data(), n);
    }
    return 0;
}

// Poco's streams take less than all for a failure. `send` waits if nothing can go, and says how
// many bytes went.
template <class Send>
int send_all(const void* bytes, int length, const Send& send) {
    const char* from = static_cast<const char*>(bytes);
    for (int left = length; left > 0;) {
        const int n = send(from, left);
        from += n;
        left -= n;
    }
    return length;
}

class Clear final : public net::StreamSocketImpl, public Connection {
  public:
    explicit Clear(Fd fd) : StreamSocketImpl(fd.release()) {}

    short go_on() override {
        return read_head(head_, [this](char* room, int size) { return receive(room, size); });
    }
    void hand_on(std::chrono::seconds whole) override { waiting_.until(whole); }
    net::StreamSocketImpl& socket() override { return *this; }

    using StreamSocketImpl::receiveBytes;
    int receiveBytes(void* room, int length, int) override {
        if (!head_.empty()) return head_.take(room, length);
        for (;;) {
            const int n = receive(room, length);
            if (n >= 0) return n;
            waiting_.wait(sockfd(), POLLIN);
        }
    }
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* bytes, int length, int) override {
        return send_all(bytes, length, [this](const char* from, int size) {
            const auto n = ::send(sockfd(), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN && errno != EINTR) error();
            if (n < 0) Waiting::wait_for_piece(sockfd(), POLLOUT);
            return n < 0 ? 0 : static_cast<int>(n);
        });
    }
    bool poll(const Poco::Timespan& timeout, int mode) override {
        return (!head_.empty() && (mode & SELECT_READ) != 0) ||
               StreamSocketImpl::poll(timeout, mode);
    }

  private:
    int receive(void* room, int length) {
        const auto n = ::recv(sockfd(), room, static_cast<std::size_t>(length), 0);
        if (n < 0 && errno != EAGAIN && errno != EINTR) error();
        return n < 0 ? -POLLIN : static_cast<int>(n);
    }
    Head head_;
    Waiting waiting_;
};

// The socket below never blocks: else one record that comes byte by byte would hold a thread.
class Under final : public net::StreamSocketImpl {
  public:
    explicit Under(Fd fd) : StreamSocketImpl(fd.release()) { setBlocking(false); }
};

class Encrypted final : public net::SecureStreamSocketImpl, public Connection {
  public:
    Encrypted(Fd fd, const net::Context::Ptr& context)
        : SecureStreamSocketImpl(Poco::AutoPtr<Under>(new Under(std::move(fd))).get(), context) {
        acceptSSL();
    }

    short go_on() override {
        if (!shaken_) {
            const int n = completeHandshake();
            if (n <= 0) return wanted(n);
            shaken_ = true;
        }
        return read_head(head_, [this](char* room, int size) {
            const int n = SecureStreamSocketImpl::receiveBytes(room, size, 0);
            return n >= 0 ? n : -wanted(n);
        });
    }
    void hand_on(std::chrono::seconds whole) override { waiting_.until(whole); }
    net::StreamSocketImpl& socket() override { return *this; }

    using StreamSocketImpl::receiveBytes;
    int receiveBytes(void* room, int length, int) override {
        if (!head_.empty()) return head_.take(room, length);
        for (;;) {
            const int n = SecureStreamSocketImpl::receiveBytes(room, length, 0);
            if (n >= 0) return n;
            waiting_.wait(sockfd(), wanted(n));
        }
    }
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* bytes, int length, int) override {
        // The same bytes again until they are taken (SSL_write(3)).
        return send_all(bytes, length, [this](const char* from, int size) {
            const int n = SecureStreamSocketImpl::sendBytes(from, size, 0);
            if (n < 0) Waiting::wait_for_piece(sockfd(), wanted(n));
            return std::max(n, 0);
        });
    }
    bool poll(const Poco::Timespan& timeout, int mode) override {
        return (!head_.empty() && (mode & SELECT_READ) != 0) ||
               SecureStreamSocketImpl::poll(timeout, mode);
    }

  private:
    // Of what Poco answers for a socket that does not block.
    static short wanted(int n) {
        if (n == net::SecureStreamSocket::ERR_SSL_WANT_READ) return POLLIN;
        if (n == net::SecureStreamSocket::ERR_SSL_WANT_WRITE) return POLLOUT;
        throw net::ConnectionResetException();
    }
    bool shaken_ = false;
    Head head_;
    Waiting waiting_;
};

}  // namespace

Connection* in_clear(Fd fd) { return new Clear(std::move(fd)); }  // NOLINT: counted by Poco

Connection* encrypted(Fd fd, const Poco::Net::Context::Ptr& context) {
    return new Encrypted(std::move(fd), context);  // NOLINT: counted by Poco
}

}  // namespace waypost::site
