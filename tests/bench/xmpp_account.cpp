// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/xmpp_account.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>

#include "app/demo/loopback.h"
#include "gateway/base/encoding.h"

namespace waypost::bench {
namespace {

constexpr std::chrono::seconds kSignIn{30};

int connected(int port) {
    const int fd = connect_on_loopback(port);
    if (fd < 0) throw std::runtime_error("no XMPP server at port " + std::to_string(port));
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

}  // namespace

XmppAccount::XmppAccount(int port, std::string user, std::string domain, OnStanza on_stanza)
    : user_(std::move(user)),
      domain_(std::move(domain)),
      on_stanza_(std::move(on_stanza)),
      fd_(connected(port)) {
    thread_ = std::thread([this] { read(); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kSignIn, [this] { return online_ || !failure_.empty(); });
    if (online_) return;
    lock.unlock();
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
    throw std::runtime_error(address() + " cannot sign in: " + failure_);
}

XmppAccount::~XmppAccount() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
}

void XmppAccount::send(const std::string& stanzas) {
    const std::lock_guard lock(writing_);
    for (std::size_t at = 0; at < stanzas.size();) {
        const ssize_t n = ::send(fd_, stanzas.data() + at, stanzas.size() - at, MSG_NOSIGNAL);
        if (n <= 0) throw std::runtime_error(address() + " has no stream any more");
        at += static_cast<std::size_t>(n);
    }
}

void XmppAccount::open() {
    opens_ = false;
    send(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "version='1.0' to='" +
        domain_ + "'>");
}

void XmppAccount::read() {
    std::unique_ptr<xmpp::StreamParser> parser;
    std::string bytes(64u << 10, '\0');
    for (;;) {
        if (opens_) {
            parser = std::make_unique<xmpp::StreamParser>(static_cast<xmpp::StreamEvents&>(*this));
            open();
        }
        const ssize_t n = ::recv(fd_, bytes.data(), bytes.size(), 0);
        if (n <= 0) return fail("the server hung up");
        // Who only reads acknowledges late, and Prosody's next small write waits for that.
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        if (!parser->feed(std::string_view(bytes).substr(0, static_cast<std::size_t>(n)))) return;
    }
}

void XmppAccount::fail(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (failure_.empty()) failure_ = why;
    changed_.notify_all();
}

void XmppAccount::stream_stanza(xmpp::Element stanza) {
    if (stanza.name() == "features" && !trusted_) {
        const std::string secret = std::string(1, '\0') + user_ + '\0' + "pw-" + user_;
        send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
             to_base64(secret) + "</auth>");
    } else if (stanza.name() == "success") {
        trusted_ = opens_ = true;
    } else if (stanza.name() == "failure") {
        fail("the password is not taken");
    } else if (stanza.name() == "features") {
        send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    } else if (stanza.get("id") == "bind") {
        // Who has asked for his contacts is told of what becomes of them (RFC 6121 2.2).
        send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq><presence/>");
        const std::lock_guard lock(mutex_);
        online_ = true;
        changed_.notify_all();
    } else {
        on_stanza_(stanza);
    }
}

}  // namespace waypost::bench
