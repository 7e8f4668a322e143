// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_wire.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <sys/socket.h>

namespace waypost::email {
namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr int kConnectSeconds = 30;

Error network_error(const Poco::Exception& e) { return {Code::Network, e.displayText(), true}; }

class SocketWire final : public SmtpWire {
  public:
    explicit SocketWire(RelayTarget target) : target_(std::move(target)) {}

    Result<void> open() {
        try {
            const std::string& to = target_.address.empty() ? target_.host : target_.address;
            socket_.connect(Poco::Net::SocketAddress(to, static_cast<Poco::UInt16>(target_.port)),
                            Poco::Timespan(kConnectSeconds, 0));
            socket_.setNoDelay(true);
            fd_ = socket_.impl()->sockfd();
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
        if (target_.security == RelayTarget::Security::Tls) return start_tls();
        return {};
    }

    Result<void> write(std::string_view bytes) override {
        try {
            while (!bytes.empty()) {
                const int n = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
                if (n <= 0) return Error{Code::Network, "the relay closed the connection", true};
                bytes.remove_prefix(static_cast<std::size_t>(n));
            }
            return {};
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
    }

    Result<std::string> read_line(std::chrono::milliseconds timeout) override {
        for (;;) {
            const std::size_t lf = buffer_.find('\n');
            if (lf != std::string::npos) {
                std::string line = buffer_.substr(0, lf);
                buffer_.erase(0, lf + 1);
                if (!line.empty() && line.back() == '\r') line.pop_back();
                return line;
            }
            if (buffer_.size() > kMaxLine) return bad_input("the relay sent a line without end");
            const auto more = receive(timeout);
            if (!more.ok()) return more.error();
        }
    }

    // Verified against the system's authorities or the file that the operator named; for an
    // opportunistic target not at all.
    Result<void> start_tls() override {
        try {
            using Poco::Net::Context;
            const bool any = target_.security == RelayTarget::Security::Opportunistic;
            const Context::Ptr context(
                new Context(Context::TLS_CLIENT_USE, "", "", target_.ca_file,
                            any ? Context::VERIFY_NONE : Context::VERIFY_STRICT, 9,
                            !any && target_.ca_file.empty()));
            Poco::Net::SecureStreamSocket secure =
                Poco::Net::SecureStreamSocket::attach(socket_, target_.host, context);
            secure.completeHandshake();
            socket_ = secure;
            buffer_.clear();
            return {};
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
    }

    void cut() noexcept override { ::shutdown(fd_, SHUT_RDWR); }

  private:
    Result<void> receive(std::chrono::milliseconds timeout) {
        try {
            socket_.setReceiveTimeout(Poco::Timespan(std::chrono::microseconds(timeout).count()));
            char bytes[4096];
            const int n = socket_.receiveBytes(bytes, sizeof bytes);
            if (n <= 0) return Error{Code::Network, "the relay closed the connection", true};
            buffer_.append(bytes, static_cast<std::size_t>(n));
            return {};
        } catch (const Poco::TimeoutException&) {
            return Error{Code::Timeout, "the relay did not answer in time", true};
        } catch (const Poco::Exception& e) {
            return network_error(e);
        }
    }

    RelayTarget target_;
    Poco::Net::StreamSocket socket_;
    int fd_ = -1;  // of socket_, also under TLS; constant once open
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
    const std::string port = text.substr(last + 1);
    if (target.host.empty() || port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535) {
        return bad_input(text + ": host or port is missing");
    }
    target.port = std::stoi(port);
    return target;
}

Result<std::unique_ptr<SmtpWire>> connect(const RelayTarget& target) {
    auto wire = std::make_unique<SocketWire>(target);
    const auto opened = wire->open();
    if (!opened.ok()) return opened.error();
    return {std::move(wire)};
}

}  // namespace waypost::email
