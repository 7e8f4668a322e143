// SPDX-License-Identifier: Apache-2.0
#include "web/api/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

#include "gateway/base/log.h"

namespace waypost::api {
namespace {

constexpr std::size_t kMostBody = 256 * 1024;

class Handler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Desk& desk) : desk_(desk) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        std::string body(kMostBody + 1, '\0');
        request.stream().read(body.data(), static_cast<std::streamsize>(body.size()));
        body.resize(static_cast<std::size_t>(request.stream().gcount()));
        const Reply reply = body.size() > kMostBody
                                ? fail(413, "too-large", "a request has 256 KiB at most")
                                : answer(desk_, request.getMethod(), request.getURI(), body);
        response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
        for (const auto& [name, value] : reply.headers) response.set(name, value);
        if (reply.content) return send_content(reply, response);
        response.setContentType("application/json");
        std::ostringstream out;
        reply.body->stringify(out);
        response.setContentLength(static_cast<std::streamsize>(out.str().size()));
        response.send() << out.str();
    }

  private:
    static void send_content(const Reply& reply, Poco::Net::HTTPServerResponse& response) {
        response.setContentType(reply.content_type);
        if (reply.endless)
            response.setChunkedTransferEncoding(true);
        else
            response.setContentLength64(static_cast<Poco::Int64>(reply.content_bytes));
        const auto sent = reply.content(response.send());
        if (!sent.ok()) log(Level::Info, "api", "not-sent-whole", {{"why", sent.error().text}});
    }
    Desk& desk_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Desk& desk) : desk_(desk) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return new Handler(desk_);  // NOLINT: the server takes it
    }

  private:
    Desk& desk_;
};

bool somebody_answers(const Poco::Net::SocketAddress& address) {
    try {
        Poco::Net::StreamSocket(address).close();
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

}  // namespace

struct Server::Running {
    Running(Desk& desk, const Poco::Net::SocketAddress& address)
        : pool(1, 8, 60, 256 * 1024),
          socket(address),
          server(new Factory(desk), pool, socket, parameters()) {
        server.start();
    }
    static Poco::Net::HTTPServerParams* parameters() {
        auto* params = new Poco::Net::HTTPServerParams;  // NOLINT: counted by Poco
        params->setMaxThreads(8);
        params->setKeepAlive(false);
        return params;
    }
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    Poco::Net::HTTPServer server;
};

Server::Server(Desk& desk, const std::string& path) {
    try {
        const Poco::Net::SocketAddress address(Poco::Net::AddressFamily::UNIX_LOCAL, path);
        if (somebody_answers(address)) {
            throw std::runtime_error("another gateway answers on " + path + ": stop it first");
        }
        ::unlink(path.c_str());
        running_ = std::make_unique<Running>(desk, address);
        ::chmod(path.c_str(), 0660);
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot make the socket " + path + ": " + e.displayText());
    }
}

Server::~Server() { running_->server.stopAll(true); }

}  // namespace waypost::api
