// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <openssl/err.h>
#include <sys/epoll.h>

#include <algorithm>

namespace waypost::email {
namespace {

using Poco::Net::IPAddress;

bool is_local(const Poco::Net::StreamSocket& peer) {
    return peer.address().family() == Poco::Net::AddressFamily::UNIX_LOCAL;
}

bool is_trusted(const Poco::Net::StreamSocket& peer, const std::vector<IpNetwork>& networks) {
    if (is_local(peer)) return true;
    const IPAddress address = peer.peerAddress().host();
    return std::any_of(networks.begin(), networks.end(),
                       [&](const IpNetwork& network) { return network.holds(address); });
}

// By LMTP a server hands over what the whole world sends: that it may relay says nothing of who
// wrote it.
IntakeOptions intake_options(const Poco::Net::StreamSocket& peer, const Reception& reception) {
    IntakeOptions options;
    options.transport = reception.options.transport;
    options.encryption = reception.options.encryption;
    options.authserv_id = reception.options.authserv_id;
    options.srs = reception.options.srs;
    options.trusted = is_trusted(peer, reception.options.trusted);
    if (!is_local(peer)) options.peer = peer.peerAddress().host().toString();
    options.submitted = options.trusted && !reception.smtp.lmtp;
    return options;
}

}  // namespace

SmtpConnection::SmtpConnection(const Poco::Net::StreamSocket& peer, const Reception& reception,
                               OnVerdicts on_verdicts)
    : reception_(reception),
      wire_(peer),
      fd_(peer.impl()->sockfd()),
      intake_(reception.office, intake_options(peer, reception), std::move(on_verdicts)),
      session_(reception.smtp, intake_) {
    if (!is_local(wire_)) wire_.setNoDelay(true);
    wire_.setBlocking(false);
}

SmtpConnection::~SmtpConnection() { session_.gone(); }

std::uint32_t SmtpConnection::wants() const {
    if (handshaking_) return EPOLLIN;
    return out_.empty() ? EPOLLIN : EPOLLOUT;
}

bool SmtpConnection::greet() { return say(session_.greeting()); }

bool SmtpConnection::on_answer(const std::vector<Verdict>& verdicts) {
    return say(session_.answer(verdicts));
}

// One read at a time keeps a peer that sends without pause from holding up the others; whoever
// watches the socket tells of the rest. Under TLS too: the piece holds the largest record.
bool SmtpConnection::on_ready() {
    ERR_clear_error();  // the queue is the thread's: what another session left is not ours
    if (handshaking_) return handshake();
    if (!out_.empty()) return say({});
    char bytes[16 * 1024];
    const int n = wire_.receiveBytes(bytes, sizeof bytes);
    if (n == 0) return false;
    if (n < 0) return true;  // less than a TLS record
    return say(session_.feed({bytes, static_cast<std::size_t>(n)}));
}

bool SmtpConnection::say(const std::string& text) {
    out_ += text;
    if (!flush()) return true;
    if (session_.close()) return false;
    if (session_.wants_tls()) {
        wire_ = Poco::Net::SecureStreamSocket::attach(wire_, reception_.tls);
        handshaking_ = true;
    }
    return true;
}

// True once nothing is left to write.
bool SmtpConnection::flush() {
    ERR_clear_error();
    while (!out_.empty()) {
        const int n = wire_.sendBytes(out_.data(), static_cast<int>(out_.size()));
        if (n <= 0) return false;
        out_.erase(0, static_cast<std::size_t>(n));
    }
    return true;
}

// What the server says in a handshake fits into a socket's buffer, so only the peer is waited for.
bool SmtpConnection::handshake() {
    const int done = Poco::Net::SecureStreamSocket(wire_).completeHandshake();
    if (done > 0) {
        handshaking_ = false;
        session_.tls_started();
    }
    return done != 0;  // 0: the peer closed it
}

}  // namespace waypost::email
