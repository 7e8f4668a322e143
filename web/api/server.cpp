// SPDX-License-Identifier: Apache-2.0
#include "web/api/server.h"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/ThreadPool.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "gateway/base/wake.h"
#include "web/api/http.h"

namespace waypost::api {
namespace {

class Handler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Desk& desk) : desk_(desk) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        const auto body = read_body(request);
        if (!body) return send(too_large(), response);
        send(answer(desk_, on_the_box(request.getMethod(), request.getURI(), *body)), response);
    }

  private:
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

// Poco asks four times a second whether somebody connects, only to see whether its server has
// ended: here it waits until somebody does, or it is told the end.
class PatientImpl final : public Poco::Net::ServerSocketImpl {
  public:
    explicit PatientImpl(const Poco::Net::SocketAddress& address) {
        bind(address, false);
        listen(64);
    }
    bool poll(const Poco::Timespan& timeout, int mode) override {
        pollfd watched[2] = {{sockfd(), POLLIN, 0}, {end_.fd(), POLLIN, 0}};
        (void)::poll(watched, 2, -1);
        return watched[1].revents != 0 ? ServerSocketImpl::poll(timeout, mode)
                                       : watched[0].revents != 0;
    }
    void end() { end_.ring(); }

  private:
    Wake end_;
};

class PatientSocket final : public Poco::Net::ServerSocket {
  public:
    explicit PatientSocket(PatientImpl* impl) : ServerSocket(impl, true) {}
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
          front(new PatientImpl(address)),  // NOLINT: counted by Poco
          server(new Factory(desk), pool, PatientSocket(front.duplicate()), parameters()) {
        server.start();
    }
    static Poco::Net::HTTPServerParams* parameters() {
        auto* params = new Poco::Net::HTTPServerParams;  // NOLINT: counted by Poco
        params->setMaxThreads(8);
        params->setKeepAlive(false);
        return params;
    }
    Poco::ThreadPool pool;
    Poco::AutoPtr<PatientImpl> front;
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

Server::~Server() {
    running_->front->end();
    running_->server.stopAll(true);
}

}  // namespace waypost::api
