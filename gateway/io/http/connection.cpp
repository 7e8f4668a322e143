// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/http/connection.h"

#include <Poco/AutoPtr.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace waypost {
namespace {

namespace net = Poco::Net;
using std::chrono::milliseconds;

constexpr milliseconds kPiece = std::chrono::seconds(20);  // for a piece of an answer

// For a piece of an answer: all of it may take long.
void wait_for_piece(int fd, short event) {
    pollfd wanted{fd, event, 0};
    if (::poll(&wanted, 1, static_cast<int>(kPiece.count())) == 0)
        throw Poco::TimeoutException("the other side is too slow");
}

class Clear final : public HttpConnection {
  public:
    Clear(Fd fd, const net::SocketAddress& peer, RequestLimits limits)
        : HttpConnection(peer, limits), fd_(std::move(fd)) {}

    void say_end() override { ::shutdown(fd_.get(), SHUT_WR); }
    bool encrypted() const override { return false; }
    int fd() const override { return fd_.get(); }

  private:
    int receive_some(char* room, int size) override {
        const auto n = ::recv(fd_.get(), room, static_cast<std::size_t>(size), 0);
        return n < 0 ? wanted(POLLIN) : static_cast<int>(n);
    }
    int send_some(const char* bytes, int size) override {
        const auto n = ::send(fd_.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        return n <= 0 ? wanted(POLLOUT) : static_cast<int>(n);
    }
    short shake_hands() override { return 0; }
    static int wanted(short event) {
        if (errno != EAGAIN && errno != EINTR) throw net::ConnectionResetException();
        return -event;
    }
    const Fd fd_;
};

// The socket below never blocks: else one record that comes byte by byte would hold a thread.
class Under final : public net::StreamSocketImpl {
  public:
    explicit Under(Fd fd) : StreamSocketImpl(fd.release()) { setBlocking(false); }
};

class Tls final : public net::SecureStreamSocketImpl {
  public:
    Tls(Fd fd, const net::Context::Ptr& context)
        : SecureStreamSocketImpl(Poco::AutoPtr<Under>(new Under(std::move(fd))).get(), context) {
        acceptSSL();
    }
};

class Encrypted final : public HttpConnection {
  public:
    Encrypted(Fd fd, const net::SocketAddress& peer, RequestLimits limits,
              const net::Context::Ptr& context)
        : HttpConnection(peer, limits), tls_(new Tls(std::move(fd), context)) {}
    ~Encrypted() override { say_close(); }

    void say_end() override {
        say_close();
        ::shutdown(fd(), SHUT_WR);
    }
    bool encrypted() const override { return true; }
    int fd() const override { return tls_->sockfd(); }

  private:
    int receive_some(char* room, int size) override {
        const int n = tls_->receiveBytes(room, size, 0);
        return n >= 0 ? n : -wanted(n);
    }
    // The same bytes again until they are taken (SSL_write(3)).
    int send_some(const char* bytes, int size) override {
        const int n = tls_->sendBytes(bytes, size, 0);
        return n > 0 ? n : -wanted(n);
    }
    short shake_hands() override {
        if (shaken_) return 0;
        const int n = tls_->completeHandshake();
        if (n <= 0) return wanted(n);
        shaken_ = true;
        return 0;
    }
    // TLS's own word for it, if it can go.
    void say_close() {
        try {
            tls_->shutdown();
        } catch (const Poco::Exception&) {  // the other side is gone
        }
    }
    // Of what Poco answers for a socket that does not block.
    static short wanted(int n) {
        if (n == net::SecureStreamSocket::ERR_SSL_WANT_READ) return POLLIN;
        if (n == net::SecureStreamSocket::ERR_SSL_WANT_WRITE) return POLLOUT;
        throw net::ConnectionResetException();
    }
    bool shaken_ = false;
    Poco::AutoPtr<Tls> tls_;
};

}  // namespace

short HttpConnection::go_on() {
    if (const short events = shake_hands(); events != 0) return events;
    std::array<char, 4096> piece{};
    while (!request_.whole()) {
        const int n = receive_some(piece.data(), static_cast<int>(piece.size()));
        if (n == 0) throw net::ConnectionResetException();
        if (n < 0) return static_cast<short>(-n);
        const auto added = request_.add({piece.data(), static_cast<std::size_t>(n)});
        if (!added.ok()) throw Poco::DataFormatException(added.error().text);
    }
    return 0;
}

void HttpConnection::send(const char* bytes, int size) {
    while (size > 0) {
        const int n = send_some(bytes, size);
        if (n < 0) {
            wait_for_piece(fd(), static_cast<short>(-n));
            continue;
        }
        bytes += n;
        size -= n;
    }
}

bool HttpConnection::drop_what_comes() {
    std::array<char, 4096> piece{};
    const auto n = ::recv(fd(), piece.data(), piece.size(), 0);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

std::unique_ptr<HttpConnection> in_clear(Fd fd, const net::SocketAddress& peer,
                                         RequestLimits limits) {
    return std::make_unique<Clear>(std::move(fd), peer, limits);
}

std::unique_ptr<HttpConnection> encrypted(Fd fd, const net::SocketAddress& peer,
                                          RequestLimits limits, const net::Context::Ptr& context) {
    return std::make_unique<Encrypted>(std::move(fd), peer, limits, context);
}

}  // namespace waypost
