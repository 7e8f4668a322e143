// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/mail_wire.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "bridges/email/client_socket.h"

namespace waypost::email {
namespace {

using Poco::Timespan;

// A peer that is gone without a word is known after about two minutes, also while we only wait.
constexpr int kKeepAliveIdle = 60;
constexpr int kKeepAliveEach = 20;
constexpr int kKeepAliveCount = 3;
constexpr int kLargestRead = 64 * 1024;

Error broken(const Poco::Exception& e) { return {Code::Network, e.displayText(), true}; }
Error closed() { return {Code::Network, "the provider closed the connection", true}; }

class SocketWire final : public MailWire {
  public:
    explicit SocketWire(const ProviderServer& server) : server_(server) {}

    Result<void> open() {
        try {
            const Timespan timeout(std::chrono::microseconds(server_.timeout).count());
            socket_.connect(
                Poco::Net::SocketAddress(server_.host, static_cast<Poco::UInt16>(server_.port)),
                timeout);
            socket_.setNoDelay(true);
            socket_.setKeepAlive(true);
            socket_.setOption(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveIdle);
            socket_.setOption(IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveEach);
            socket_.setOption(IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveCount);
            fd_ = socket_.impl()->sockfd();
            set_timeouts();
        } catch (const Poco::Exception& e) {
            return broken(e);
        }
        return server_.security == ProviderServer::Security::Tls ? start_tls() : Result<void>();
    }

    Result<std::size_t> read(char* into, std::size_t most) override {
        try {
            const int n = socket_.receiveBytes(
                into, static_cast<int>(std::min<std::size_t>(most, kLargestRead)));
            if (n <= 0) return closed();
            return static_cast<std::size_t>(n);
        } catch (const Poco::TimeoutException&) {
            return Error{Code::Timeout, "the provider did not answer in time", true};
        } catch (const Poco::Exception& e) {
            return broken(e);
        }
    }

    Result<void> write(std::string_view bytes) override {
        try {
            while (!bytes.empty()) {
                const auto piece = std::min<std::size_t>(bytes.size(), kLargestRead);
                const int n = socket_.sendBytes(bytes.data(), static_cast<int>(piece));
                if (n <= 0) return closed();
                bytes.remove_prefix(static_cast<std::size_t>(n));
            }
            return {};
        } catch (const Poco::Exception& e) {
            return broken(e);
        }
    }

    // Verified against the system's authorities or the file that the operator named.
    Result<void> start_tls() override {
        try {
            Poco::Net::SecureStreamSocket secure = Poco::Net::SecureStreamSocket::attach(
                socket_, server_.host, verifying_tls(server_.ca_file));
            secure.completeHandshake();
            socket_ = secure;
            set_timeouts();
            return {};
        } catch (const Poco::Exception& e) {
            return broken(e);
        }
    }

    Bell::Heard wait(Bell& bell, std::chrono::milliseconds time) override {
        try {
            // Under TLS bytes may be here already that the socket no longer shows.
            if (socket_.available() > 0) return Bell::Heard::Socket;
        } catch (const Poco::Exception&) {
            return Bell::Heard::Socket;  // the next read says what is wrong
        }
        return bell.wait(fd_, time);
    }

    void cut() noexcept override { ::shutdown(fd_, SHUT_RDWR); }

  private:
    void set_timeouts() {
        const Timespan timeout(std::chrono::microseconds(server_.timeout).count());
        socket_.setReceiveTimeout(timeout);
        socket_.setSendTimeout(timeout);
    }

    const ProviderServer server_;
    Poco::Net::StreamSocket socket_;
    int fd_ = -1;  // of socket_, also under TLS; constant once open
};

struct Scheme {
    std::string_view name;
    ProviderServer::Kind kind;
    ProviderServer::Security security;
};
constexpr std::array<Scheme, 4> kSchemes = {{
    {"imaps", ProviderServer::Kind::Imap, ProviderServer::Security::Tls},
    {"imap", ProviderServer::Kind::Imap, ProviderServer::Security::StartTls},
    {"pop3s", ProviderServer::Kind::Pop3, ProviderServer::Security::Tls},
    {"pop3", ProviderServer::Kind::Pop3, ProviderServer::Security::StartTls},
}};

}  // namespace

Result<ProviderServer> parse_mail_server(const std::string& text) {
    const Error wrong = bad_input(
        text + ": a server is imaps:host:993, imap:host:143, pop3s:host:995 or pop3:host:110");
    const std::size_t first = text.find(':');
    const std::size_t last = text.rfind(':');
    if (first == std::string::npos || first == last) return wrong;
    const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& s) {
        return s.name == std::string_view(text).substr(0, first);
    });
    const auto port = port_number(text.substr(last + 1));
    if (scheme == kSchemes.end() || last == first + 1 || !port) return wrong;
    ProviderServer server;
    server.kind = scheme->kind;
    server.security = scheme->security;
    server.host = text.substr(first + 1, last - first - 1);
    server.port = *port;
    return server;
}

bool on_this_machine(const ProviderServer& server) {
    return server.host == "localhost" || server.host == "127.0.0.1";
}

Result<std::unique_ptr<MailWire>> connect(const ProviderServer& server) {
    auto wire = std::make_unique<SocketWire>(server);
    const auto opened = wire->open();
    if (!opened.ok()) return opened.error();
    return {std::move(wire)};
}

}  // namespace waypost::email
