// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp_listener.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>
#include <unistd.h>

#include <stdexcept>

#include "bridges/email/mail_intake.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

using Poco::Net::IPAddress;

constexpr int kIdleSeconds = 300;  // RFC 5321 4.5.3.2.7

bool in_network(const IPAddress& address, const std::string& cidr) {
    const std::size_t slash = cidr.find('/');
    IPAddress network;
    if (!IPAddress::tryParse(cidr.substr(0, slash), network) ||
        network.family() != address.family()) {
        return false;
    }
    if (slash == std::string::npos) return network == address;
    const auto bits = static_cast<unsigned>(std::stoul(cidr.substr(slash + 1)));
    const IPAddress mask(bits, network.family());
    return (address & mask) == (network & mask);
}

struct Shared {
    ListenerOptions options;
    Office& office;
    SmtpOptions smtp;
    Poco::Net::Context::Ptr tls;
};

class Connection final : public Poco::Net::TCPServerConnection {
  public:
    Connection(const Poco::Net::StreamSocket& socket, Shared& shared)
        : TCPServerConnection(socket), shared_(shared) {}

    void run() override {
        try {
            talk();
        } catch (const Poco::Exception& e) {
            log(Level::Debug, "email", "session-lost", {{"why", e.displayText()}});
        }
    }

  private:
    void talk() {
        Poco::Net::StreamSocket wire = socket();
        const bool local = wire.address().family() == Poco::Net::AddressFamily::UNIX_LOCAL;
        if (!local) wire.setNoDelay(true);
        wire.setReceiveTimeout(Poco::Timespan(kIdleSeconds, 0));
        MailIntake intake(shared_.office, {shared_.options.transport, shared_.options.authserv_id,
                                           local || trusted(wire.peerAddress().host())});
        SmtpSession session(shared_.smtp, intake);
        send(wire, session.greeting());
        char bytes[16 * 1024];
        while (!session.close()) {
            const int n = wire.receiveBytes(bytes, sizeof bytes);
            if (n <= 0) break;
            send(wire, session.feed({bytes, static_cast<std::size_t>(n)}));
            if (session.wants_tls()) {
                auto secure = Poco::Net::SecureStreamSocket::attach(wire, shared_.tls);
                secure.completeHandshake();
                wire = secure;
                wire.setReceiveTimeout(Poco::Timespan(kIdleSeconds, 0));
                session.tls_started();
            }
        }
        session.gone();
    }

    bool trusted(const IPAddress& peer) const {
        for (const std::string& network : shared_.options.trusted) {
            if (in_network(peer, network)) return true;
        }
        return false;
    }

    static void send(Poco::Net::StreamSocket& wire, const std::string& text) {
        for (std::size_t sent = 0; sent < text.size();) {
            const int n = wire.sendBytes(text.data() + sent, static_cast<int>(text.size() - sent));
            if (n <= 0) throw Poco::Net::NetException("connection closed");
            sent += static_cast<std::size_t>(n);
        }
    }

    Shared& shared_;
};

class Factory final : public Poco::Net::TCPServerConnectionFactory {
  public:
    explicit Factory(Shared& shared) : shared_(shared) {}
    Poco::Net::TCPServerConnection* createConnection(
        const Poco::Net::StreamSocket& socket) override {
        return new Connection(socket, shared_);  // NOLINT: the server takes it
    }

  private:
    Shared& shared_;
};

Poco::Net::ServerSocket listen_on(const std::string& address) {
    const std::string where = address.substr(address.find(':') + 1);
    try {
        if (!where.empty() && where[0] == '/') {
            ::unlink(where.c_str());
            return Poco::Net::ServerSocket(
                Poco::Net::SocketAddress(Poco::Net::AddressFamily::UNIX_LOCAL, where));
        }
        Poco::Net::ServerSocket socket;
        socket.bind(Poco::Net::SocketAddress(where), true);
        socket.listen(256);
        return socket;
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot listen on " + address + ": " + e.displayText());
    }
}

}  // namespace

struct SmtpListener::Server {
    Server(ListenerOptions options, Office& office)
        : shared{std::move(options), office, {}, {}},
          pool(4, shared.options.max_sessions, 60, 256 * 1024),
          socket(listen_on(shared.options.address)) {
        shared.smtp.lmtp = shared.options.address.rfind("lmtp:", 0) == 0;
        shared.smtp.host_name = office.domain();
        shared.smtp.max_message_bytes = shared.options.max_message_bytes;
        if (!shared.options.certificate.empty()) {
            using Poco::Net::Context;
            try {
                shared.tls = new Context(Context::TLS_SERVER_USE, shared.options.private_key,
                                         shared.options.certificate, "", Context::VERIFY_NONE);
            } catch (const Poco::Exception& e) {
                throw std::runtime_error("cannot use the certificate: " + e.displayText());
            }
            shared.smtp.tls_offered = true;
        }
        auto* params = new Poco::Net::TCPServerParams;  // NOLINT: counted by Poco
        params->setMaxThreads(shared.options.max_sessions);
        params->setMaxQueued(256);
        params->setThreadIdleTime(Poco::Timespan(60, 0));
        server = std::make_unique<Poco::Net::TCPServer>(new Factory(shared), pool, socket, params);
    }

    Shared shared;
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    std::unique_ptr<Poco::Net::TCPServer> server;
};

SmtpListener::SmtpListener(ListenerOptions options, Office& office)
    : server_(std::make_unique<Server>(std::move(options), office)) {}
SmtpListener::~SmtpListener() { stop(); }

void SmtpListener::start() { server_->server->start(); }

void SmtpListener::stop() {
    if (!server_) return;
    server_->server->stop();
    server_->socket.close();
    server_->pool.stopAll();
}

int SmtpListener::port() const { return server_->server->port(); }
int SmtpListener::sessions() const { return server_->server->currentConnections(); }

}  // namespace waypost::email
