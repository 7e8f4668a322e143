// SPDX-License-Identifier: Apache-2.0
#include "web/site/site.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <stdexcept>

#include "web/api/http.h"
#include "web/site/files.h"

namespace waypost::site {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;
using HttpResponse = Poco::Net::HTTPServerResponse;

constexpr char kApi[] = "/api";
constexpr int kThreadStack = 256 * 1024;
constexpr int kWaitingConnections = 64;

void set_security(HttpResponse& response) {
    response.set("Content-Security-Policy",
                 "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                 "frame-ancestors 'none'; form-action 'self'");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
}

std::string cookie_of(const HttpRequest& request) {
    Poco::Net::NameValueCollection cookies;
    request.getCookies(cookies);
    return cookies.get("waypost", "");
}

// A form of another page can send neither JSON nor a header of its own.
bool is_json(const HttpRequest& request) {
    return request.getContentType().rfind("application/json", 0) == 0;
}

class ApiHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit ApiHandler(Desk& desk) : desk_(desk) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(response);
        response.set("Cache-Control", "no-store");
        const auto body = api::read_body(request);
        api::send(body ? answer(request, *body) : api::too_large(), response);
    }

  private:
    api::Reply answer(HttpRequest& request, const std::string& body) {
        if (request.getMethod() != "GET" && !is_json(request))
            return api::fail(415, "bad-input", "Content-Type has to be application/json");
        api::Asked asked;
        asked.method = request.getMethod();
        asked.uri = request.getURI().substr(sizeof kApi - 1);
        asked.body = body;
        asked.caller = {request.clientAddress().host().toString(), request.get("User-Agent", "")};
        asked.csrf = request.get("X-CSRF-Token", "");
        const Secret token(cookie_of(request));
        if (!token.empty()) {
            if (auto visitor = desk_.console().visitor(token)) asked.visitor = std::move(*visitor);
        }
        return api::answer(desk_, asked);
    }
    Desk& desk_;
};

class FileHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit FileHandler(const Files& files) : files_(files) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(response);
        if (request.getMethod() != "GET" && request.getMethod() != "HEAD")
            return refuse(response, HttpResponse::HTTP_METHOD_NOT_ALLOWED);
        const std::string uri = request.getURI();
        const File* file = files_.find(uri.substr(0, uri.find('?')));
        if (file == nullptr) return refuse(response, HttpResponse::HTTP_NOT_FOUND);
        response.set("ETag", file->etag);
        response.set("Vary", "Accept-Encoding");
        response.set("Cache-Control",
                     file->named ? "public, max-age=31536000, immutable" : "no-cache");
        if (request.get("If-None-Match", "") == file->etag)
            return refuse(response, HttpResponse::HTTP_NOT_MODIFIED);
        send(request, response, *file);
    }

  private:
    static void refuse(HttpResponse& response, HttpResponse::HTTPStatus status) {
        response.setStatusAndReason(status);
        response.setContentLength(0);
        response.send();
    }
    static void send(const HttpRequest& request, HttpResponse& response, const File& file) {
        const std::string takes = request.get("Accept-Encoding", "");
        const std::string* bytes = &file.bytes;
        if (!file.brotli.empty() && takes.find("br") != std::string::npos) {
            response.set("Content-Encoding", "br");
            bytes = &file.brotli;
        } else if (!file.gzip.empty() && takes.find("gzip") != std::string::npos) {
            response.set("Content-Encoding", "gzip");
            bytes = &file.gzip;
        }
        response.setContentType(file.type);
        response.setContentLength(static_cast<std::streamsize>(bytes->size()));
        std::ostream& out = response.send();
        if (request.getMethod() != "HEAD") out << *bytes;
    }
    const Files& files_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    Factory(Desk& desk, const Files& files) : desk_(desk), files_(files) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HttpRequest& request) override {
        if (request.getURI().rfind(std::string(kApi) + '/', 0) == 0)
            return new ApiHandler(desk_);  // NOLINT: the server takes it
        return new FileHandler(files_);    // NOLINT: the server takes it
    }

  private:
    Desk& desk_;
    const Files& files_;
};

}  // namespace

struct Site::Running {
    Running(Desk& desk, const SiteOptions& options)
        : files(options.files),
          pool(1, kMostThreads, 60, kThreadStack),
          socket(Poco::Net::SocketAddress(options.listen), kWaitingConnections),
          server(new Factory(desk, files), pool, socket, parameters()) {
        server.start();
    }
    // A connection that stays open would keep a thread.
    static Poco::Net::HTTPServerParams* parameters() {
        auto* params = new Poco::Net::HTTPServerParams;  // NOLINT: counted by Poco
        params->setMaxThreads(kMostThreads);
        params->setMaxQueued(kWaitingConnections);
        params->setKeepAlive(false);
        params->setTimeout(Poco::Timespan(20, 0));
        return params;
    }
    const Files files;
    Poco::ThreadPool pool;
    Poco::Net::ServerSocket socket;
    Poco::Net::HTTPServer server;
};

Site::Site(Desk& desk, const SiteOptions& options) {
    try {
        running_ = std::make_unique<Running>(desk, options);
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("[console] listen: cannot listen on " + options.listen + ": " +
                                 e.displayText());
    }
}

Site::~Site() { running_->server.stopAll(true); }

int Site::port() const { return running_->socket.address().port(); }

}  // namespace waypost::site
