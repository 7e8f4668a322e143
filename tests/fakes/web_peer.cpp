// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/web_peer.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>

#include <filesystem>
#include <mutex>
#include <set>

#include "gateway/message/text.h"
#include "tests/fakes/loopback_tls.h"

namespace waypost {
namespace {

namespace net = Poco::Net;

PeerRequest read(net::HTTPServerRequest& request) {
    PeerRequest read{request.getMethod(), request.getURI(), {}, {}};
    for (const auto& [name, value] : request) read.headers.emplace(lower_ascii(name), value);
    Poco::StreamCopier::copyToString(request.stream(), read.body);
    return read;
}

}  // namespace

struct WebPeer::Parts {
    struct OneRequest final : net::HTTPRequestHandler {
        explicit OneRequest(Parts& all) : parts(all) {}
        void handleRequest(net::HTTPServerRequest& request,
                           net::HTTPServerResponse& response) override;
        Parts& parts;
    };
    struct Factory final : net::HTTPRequestHandlerFactory {
        explicit Factory(Parts& all) : parts(all) {}
        net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
            return new OneRequest(parts);
        }
        Parts& parts;
    };

    std::string folder = new_test_folder();
    Handler answer;
    mutable std::mutex mutex;
    std::vector<PeerRequest> asked;
    std::set<std::string> connections;
    std::unique_ptr<net::HTTPServer> server;
};

void WebPeer::Parts::OneRequest::handleRequest(net::HTTPServerRequest& request,
                                               net::HTTPServerResponse& response) {
    const PeerRequest asks = read(request);
    {
        const std::lock_guard lock(parts.mutex);
        parts.asked.push_back(asks);
        parts.connections.insert(request.clientAddress().toString());
    }
    const PeerAnswer says = parts.answer(asks);
    response.setStatus(static_cast<net::HTTPResponse::HTTPStatus>(says.status));
    if (!says.type.empty()) response.setContentType(says.type);
    for (const auto& [name, value] : says.headers) response.set(name, value);
    response.sendBuffer(says.body.data(), says.body.size());
}

WebPeer::WebPeer(Handler answer) : parts_(std::make_unique<Parts>()) {
    parts_->answer = std::move(answer);
    const net::SecureServerSocket socket(net::SocketAddress("127.0.0.1", 0), 8,
                                         loopback_tls(parts_->folder));
    net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
    params->setKeepAlive(true);
    params->setMaxThreads(8);
    params->setTimeout(Poco::Timespan(10, 0));
    parts_->server = std::make_unique<net::HTTPServer>(new Parts::Factory(*parts_), socket, params);
    parts_->server->start();
}

WebPeer::~WebPeer() {
    parts_->server->stopAll(true);
    parts_->server.reset();
    std::filesystem::remove_all(parts_->folder);
}

int WebPeer::port() const { return parts_->server->port(); }
std::string WebPeer::host() const { return "localhost:" + std::to_string(port()); }
std::string WebPeer::url(const std::string& path) const { return "https://" + host() + path; }
std::string WebPeer::ca_file() const { return parts_->folder + "/cert.pem"; }

std::vector<PeerRequest> WebPeer::asked() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->asked;
}

std::size_t WebPeer::connections() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->connections.size();
}

}  // namespace waypost
