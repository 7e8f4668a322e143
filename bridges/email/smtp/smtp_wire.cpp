// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_wire.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "bridges/email/client_socket.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr int kConnectSeconds = 30;
constexpr std::size_t kPiece = 16 * 1024;          // as much as a TLS record holds
constexpr std::chrono::minutes kPieceWait{3};      // RFC 5321 4.5.3.2.5
constexpr std::chrono::minutes kHandshakeWait{2};  // as for a command

using Deadline = std::chrono::steady_clock::time_point;

Deadline in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

Error network_error(const Poco::Exception& e) { return {Code::Network, e.displayText(), true}; }

// The socket does not block: each wait is ours and ends at a deadline. A socket's own time-out
// would begin anew with each byte, under TLS even inside the library.
class SocketWire final : public SmtpWire {
  public:
    explicit SocketWire(RelayTarget target) : target_(std::move(target)) {}

    Result<void> open() {
        try {
            const std::string& to = target_.address.empty() ? target_.host : target_.address;
            socket_.connect(Poco::Net::SocketAddress(to, static_cast<Poco::UInt16>(target_.port)),
                            Poco::Timespan(kConnectSeconds, 0));
            socket_.setNoDelay(true);
            socket_.setBlocking(false);  // before TLS, which takes it over
            fd_ = socket_.impl()->sockfd();
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
        if (target_.security == RelayTarget::Security::Tls) return start_tls();
        return {};
    }

    Result<void> write(std::string_view bytes) override {
        while (!bytes.empty()) {
            std::string_view piece = bytes.substr(0, kPiece);
            bytes.remove_prefix(piece.size());
            const Deadline end = in(kPieceWait);
            while (!piece.empty()) {
                // Under TLS the same bytes again until they are taken (SSL_write(3)).
                const auto taken = within(end, POLLOUT, [&] { return send_some(piece); });
                if (!taken.ok()) return taken.error();
                piece.remove_prefix(*taken);
            }
        }
        return {};
    }

    Result<std::string> read_line(std::chrono::milliseconds timeout) override {
        const Deadline end = in(timeout);
        for (;;) {
            const std::size_t lf = buffer_.find('\n');
            if (lf != std::string::npos) {
                std::string line = buffer_.substr(0, lf);
                buffer_.erase(0, lf + 1);
                if (!line.empty() && line.back() == '\r') line.pop_back();
                return line;
            }
            if (buffer_.size() > kMaxLine) return bad_input("the relay sent a line without end");
            const auto more = receive(end);
            if (!more.ok()) return more.error();
        }
    }

    // Verified against the system's authorities or the file that the operator named; for an
    // opportunistic target not at all.
    Result<void> start_tls() override {
        try {
            const bool any = target_.security == RelayTarget::Security::Opportunistic;
            const auto context = any ? opportunistic_tls() : verifying_tls(target_.ca_file);
            Poco::Net::SecureStreamSocket secure =
                Poco::Net::SecureStreamSocket::attach(socket_, target_.host, context);
            tls_ = true;
            const auto shaken =
                within(in(kHandshakeWait), POLLIN, [&] { return secure.completeHandshake(); });
            if (!shaken.ok()) return shaken.error();
            secure.verifyPeerCertificate();  // not part of a handshake that does not block
            socket_ = secure;
            buffer_.clear();
            return {};
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
    }

    void cut() noexcept override { ::shutdown(fd_, SHUT_RDWR); }

  private:
    Result<void> receive(Deadline end) {
        char bytes[4096];
        const auto got = within(end, POLLIN, [&] { return receive_some(bytes, sizeof bytes); });
        if (!got.ok()) return got.error();
        buffer_.append(bytes, *got);
        return {};
    }

    // Tries `step` until it has done something; how much. In clear it waits for `event`, under TLS
    // for what the library wants next.
    template <class Step>
    Result<std::size_t> within(Deadline end, short event, const Step& step) {
        using Poco::Net::SecureStreamSocket;
        try {
            for (;;) {
                const int n = step();
                if (n > 0) return static_cast<std::size_t>(n);
                if (n == 0) return Error{Code::Network, "the relay closed the connection", true};
                if (tls_) event = n == SecureStreamSocket::ERR_SSL_WANT_WRITE ? POLLOUT : POLLIN;
                if (!ready(end, event))
                    return Error{Code::Timeout, "the relay did not answer in time", true};
            }
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
    }

    // In clear without Poco, whose "not now" is an exception among others.
    int send_some(std::string_view bytes) {
        const int size = static_cast<int>(bytes.size());
        if (tls_) return socket_.sendBytes(bytes.data(), size);
        return in_clear(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
    int receive_some(char* room, std::size_t size) {
        if (tls_) return socket_.receiveBytes(room, static_cast<int>(size));
        return in_clear(::recv(fd_, room, size, 0));
    }
    static int in_clear(ssize_t n) {
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            throw Poco::IOException(std::generic_category().message(errno));
        return static_cast<int>(n);
    }

    bool ready(Deadline end, short event) const {
        using std::chrono::milliseconds;
        const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
        pollfd fd{fd_, event, 0};
        return left > milliseconds(0) && ::poll(&fd, 1, static_cast<int>(left.count())) != 0;
    }

    RelayTarget target_;
    Poco::Net::StreamSocket socket_;
    int fd_ = -1;  // of socket_, also under TLS; constant once open
    bool tls_ = false;
    std::string buffer_;
};

}  // namespace

Result<RelayTarget> parse_relay(const std::string& text) {
    RelayTarget target;
    const std::size_t first = text.find(':');
    const std::size_t last = text.rfind(':');
    if (first == std::string::npos || first == last) {
        return bad_input(text + ": a relay is smtp:host:port, smtps:host:port or lmtp:host:port");
    }
    const std::string scheme = text.substr(0, first);
    if (scheme == "smtps") target.security = RelayTarget::Security::Tls;
    target.lmtp = scheme == "lmtp";
    if (scheme != "smtp" && scheme != "smtps" && scheme != "lmtp") {
        return bad_input(scheme + ": a relay begins with smtp:, smtps: or lmtp:");
    }
    target.host = text.substr(first + 1, last - first - 1);
    const auto port = port_number(text.substr(last + 1));
    if (target.host.empty() || !port) return bad_input(text + ": host or port is missing");
    target.port = *port;
    return target;
}

Result<std::unique_ptr<SmtpWire>> connect(const RelayTarget& target) {
    auto wire = std::make_unique<SocketWire>(target);
    const auto opened = wire->open();
    if (!opened.ok()) return opened.error();
    return {std::move(wire)};
}

}  // namespace waypost::email
