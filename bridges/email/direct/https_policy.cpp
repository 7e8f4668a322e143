// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/https_policy.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <istream>
#include <thread>

#include "bridges/email/client_socket.h"
#include "bridges/email/direct/sts_policy.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr int kStepSeconds = 10;                 // to connect, and between two pieces
constexpr std::chrono::seconds kWholeFetch{60};  // RFC 8461 3.3 proposes a minute
constexpr int kMostHeaderFields = 100;
constexpr std::size_t kMostAddresses = 2;

Error no_policy(std::string why) { return {Code::Network, std::move(why), true}; }

Result<std::string> body_of(const Poco::Net::HTTPResponse& response, std::istream& stream) {
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK)
        return no_policy("the server of the policy says " + std::to_string(response.getStatus()));
    const std::string type = lower_ascii(response.getContentType());
    if (type != "text/plain" && type.rfind("text/plain;", 0) != 0 &&
        type.rfind("text/plain ", 0) != 0) {
        return no_policy("the policy is not text/plain");
    }
    std::string text(kMostPolicyBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kMostPolicyBytes) return no_policy("the policy is too large");
    return text;
}

}  // namespace

// Shuts the socket when the time is over: a server that sends a byte now and then is not waited
// for. On cut() likewise. It holds a descriptor of its own, which nobody else closes.
class HttpsPolicySource::Watched {
  public:
    Watched(HttpsPolicySource& owner, int fd)
        : owner_(owner), fd_(::fcntl(fd, F_DUPFD_CLOEXEC, 0)) {
        const std::lock_guard lock(owner_.mutex_);
        owner_.open_.insert(fd_);
        if (owner_.cut_) ::shutdown(fd_, SHUT_RDWR);
        watch_ = std::thread([this] {
            std::unique_lock watching(done_mutex_);
            if (!done_changed_.wait_for(watching, kWholeFetch, [this] { return done_; }))
                ::shutdown(fd_, SHUT_RDWR);
        });
    }
    ~Watched() {
        {
            const std::lock_guard lock(owner_.mutex_);
            owner_.open_.erase(fd_);
        }
        {
            const std::lock_guard lock(done_mutex_);
            done_ = true;
        }
        done_changed_.notify_all();
        watch_.join();
        if (fd_ >= 0) ::close(fd_);
    }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

  private:
    HttpsPolicySource& owner_;
    const int fd_;
    std::mutex done_mutex_;
    std::condition_variable done_changed_;
    bool done_ = false;
    std::thread watch_;
};

HttpsPolicySource::HttpsPolicySource(Dns& dns, HttpsOptions options)
    : dns_(dns), options_(std::move(options)) {}

void HttpsPolicySource::cut() noexcept {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
}

Result<std::string> HttpsPolicySource::fetch(const std::string& domain) {
    const std::string host = "mta-sts." + domain;
    const auto addresses = dns_.addresses(host);
    if (!addresses.ok()) return addresses.error();
    Error last = no_policy(host + " has no address");
    for (std::size_t i = 0; i < std::min(addresses->size(), kMostAddresses); ++i) {
        auto text = fetch_from(host, (*addresses)[i]);
        if (text.ok()) return text;
        last = text.error();
        const std::lock_guard lock(mutex_);
        if (cut_) break;
    }
    return last;
}

Result<std::string> HttpsPolicySource::fetch_from(const std::string& host,
                                                  const std::string& address) {
    namespace net = Poco::Net;
    try {
        const Poco::Timespan step(kStepSeconds, 0);
        net::StreamSocket plain;
        plain.connect(net::SocketAddress(address, static_cast<Poco::UInt16>(options_.port)), step);
        plain.setReceiveTimeout(step);
        plain.setSendTimeout(step);
        const Watched watched(*this, plain.impl()->sockfd());
        auto context = verifying_tls(options_.ca_file);
        context->disableProtocols(net::Context::PROTO_TLSV1 | net::Context::PROTO_TLSV1_1);
        auto secure = net::SecureStreamSocket::attach(plain, host, context);
        secure.completeHandshake();
        // Of the plain kind, over a socket that is in TLS already: Poco's HTTPSClientSession would
        // look up the name by itself, past the name server that the operator chose.
        net::HTTPClientSession session(secure);
        session.setTimeout(step);
        net::HTTPRequest request(net::HTTPRequest::HTTP_GET, "/.well-known/mta-sts.txt",
                                 net::HTTPRequest::HTTP_1_1);
        request.setHost(host);
        request.setKeepAlive(false);
        session.sendRequest(request);
        net::HTTPResponse response;
        response.setFieldLimit(kMostHeaderFields);
        return body_of(response, session.receiveResponse(response));
    } catch (const Poco::Exception& e) {
        return no_policy(host + ": " + e.displayText());
    }
}

}  // namespace waypost::email
