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
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "gateway/message/text.h"

namespace waypost::site {
namespace {

namespace net = Poco::Net;
using std::chrono::milliseconds;

constexpr std::size_t kMostHead = 16 * 1024;
// More than api::read_body takes, so that it sees what is too much. The rest is read and dropped:
// who sends too much reads no answer before he has sent it.
constexpr std::size_t kMostBody = 260 * 1024;
constexpr std::size_t kMostDropped = 16 * 1024 * 1024;
constexpr milliseconds kPiece = std::chrono::seconds(20);  // for a piece of an answer

// Bytes of the body that the head announces (RFC 9112, 6.2); 0 if it does not say so.
std::size_t length_in(const std::string& head) {
    static constexpr std::string_view kName = "\r\ncontent-length:";
    const std::string lower = lower_ascii(head);
    std::size_t at = lower.find(kName);
    if (at == std::string::npos) return 0;
    at = lower.find_first_not_of(" \t", at + kName.size());
    if (at == std::string::npos) return 0;
    std::uint32_t length = 0;
    std::from_chars(lower.data() + at, lower.data() + lower.size(), length);
    return length;
}

// What was read of the request before a thread had it: head and body.
class Asked {
  public:
    bool has_head() const { return head_ > 0; }
    bool whole() const {
        if (!has_head()) return false;
        return chunked_ ? has_last_chunk() : bytes_.size() + dropped_ >= head_ + length_;
    }
    bool empty() const { return taken_ == bytes_.size(); }
    void add(const char* bytes, int size) {
        const auto all = static_cast<std::size_t>(size);
        const std::size_t most = head_ + kMostBody;
        const std::size_t kept = std::min(all, most - std::min(most, bytes_.size()));
        bytes_.append(bytes, kept);
        dropped_ += all - kept;
        if (!has_head()) look_for_head();
        if (dropped_ > kMostDropped) throw Poco::DataFormatException("a request without end");
    }
    // 0: that was all; no thread waits for more.
    int take(void* room, int length) {
        const std::size_t size = std::min(bytes_.size() - taken_, static_cast<std::size_t>(length));
        std::memcpy(room, bytes_.data() + taken_, size);
        taken_ += size;
        return static_cast<int>(size);
    }

  private:
    void look_for_head() {
        const std::size_t end = bytes_.find("\r\n\r\n");
        if (end != std::string::npos) {
            head_ = end + 4;
            const std::string head = bytes_.substr(0, end);
            length_ = length_in(head);
            chunked_ = lower_ascii(head).find("\r\ntransfer-encoding:") != std::string::npos;
        } else if (bytes_.size() > kMostHead) {
            throw Poco::DataFormatException("a request without end");
        }
    }
    // It is refused (411); but who still sends when the connection closes reads no answer.
    bool has_last_chunk() const {
        static constexpr std::string_view kLast = "\r\n0\r\n\r\n";
        return dropped_ > 0 ||
               (bytes_.size() >= head_ + kLast.size() - 2 &&
                std::string_view(bytes_).substr(bytes_.size() - kLast.size()) == kLast);
    }

    std::string bytes_;
    std::size_t head_ = 0, length_ = 0, dropped_ = 0, taken_ = 0;
    bool chunked_ = false;
};

// For a piece of an answer: all of it may take long.
void wait_for_piece(int fd, short event) {
    pollfd wanted{fd, event, 0};
    if (::poll(&wanted, 1, static_cast<int>(kPiece.count())) == 0)
        throw Poco::TimeoutException("the other side is too slow");
}

// Reads what is there, without waiting; 0: all of it, else what to wait for. `receive` says how
// many bytes came, 0 at the end, or what it waits for, negative.
template <class Receive>
short read_request(Asked& asked, const Receive& receive) {
    std::array<char, 4096> piece{};
    while (!asked.whole()) {
        const int n = receive(piece.data(), static_cast<int>(piece.size()));
        if (n == 0) throw net::ConnectionResetException();
        if (n < 0) return static_cast<short>(-n);
        asked.add(piece.data(), n);
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
        return read_request(asked_, [this](char* room, int size) { return receive(room, size); });
    }
    bool has_head() const override { return asked_.has_head(); }
    net::StreamSocketImpl& socket() override { return *this; }

    using StreamSocketImpl::receiveBytes;
    int receiveBytes(void* room, int length, int) override { return asked_.take(room, length); }
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* bytes, int length, int) override {
        return send_all(bytes, length, [this](const char* from, int size) {
            const auto n = ::send(sockfd(), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN && errno != EINTR) error();
            if (n < 0) wait_for_piece(sockfd(), POLLOUT);
            return n < 0 ? 0 : static_cast<int>(n);
        });
    }
    bool poll(const Poco::Timespan& timeout, int mode) override {
        return (!asked_.empty() && (mode & SELECT_READ) != 0) ||
               StreamSocketImpl::poll(timeout, mode);
    }

  private:
    int receive(void* room, int length) {
        const auto n = ::recv(sockfd(), room, static_cast<std::size_t>(length), 0);
        if (n < 0 && errno != EAGAIN && errno != EINTR) error();
        return n < 0 ? -POLLIN : static_cast<int>(n);
    }
    Asked asked_;
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
        return read_request(asked_, [this](char* room, int size) {
            const int n = SecureStreamSocketImpl::receiveBytes(room, size, 0);
            return n >= 0 ? n : -wanted(n);
        });
    }
    bool has_head() const override { return asked_.has_head(); }
    net::StreamSocketImpl& socket() override { return *this; }

    using StreamSocketImpl::receiveBytes;
    int receiveBytes(void* room, int length, int) override { return asked_.take(room, length); }
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* bytes, int length, int) override {
        // The same bytes again until they are taken (SSL_write(3)).
        return send_all(bytes, length, [this](const char* from, int size) {
            const int n = SecureStreamSocketImpl::sendBytes(from, size, 0);
            if (n < 0) wait_for_piece(sockfd(), wanted(n));
            return std::max(n, 0);
        });
    }
    bool poll(const Poco::Timespan& timeout, int mode) override {
        return (!asked_.empty() && (mode & SELECT_READ) != 0) ||
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
    Asked asked_;
};

}  // namespace

Connection* in_clear(Fd fd) { return new Clear(std::move(fd)); }  // NOLINT: counted by Poco

Connection* encrypted(Fd fd, const Poco::Net::Context::Ptr& context) {
    return new Encrypted(std::move(fd), context);  // NOLINT: counted by Poco
}

}  // namespace waypost::site
