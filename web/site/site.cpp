// SPDX-License-Identifier: Apache-2.0
#include "web/site/site.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <optional>
#include <sstream>
#include <stdexcept>

#include "gateway/io/http/front.h"
#include "web/api/http.h"
#include "web/site/encryption.h"
#include "web/site/files.h"
#include "web/site/plain.h"
#include "web/site/portal.h"
#include "web/site/tiles.h"

namespace waypost::site {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;
using HttpResponse = Poco::Net::HTTPServerResponse;

constexpr char kApi[] = "/api";
constexpr char kPlain[] = "/plain";
constexpr int kThreadStack = 256 * 1024;
constexpr int kWaitingConnections = 64;
constexpr long kPatience = 20;  // seconds

constexpr char kPolicy[] =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'";

// What a server before this one, on the same machine, says of who asks.
bool by_proxy(const HttpRequest& request) { return request.clientAddress().host().isLoopback(); }

bool is_encrypted(const HttpRequest& request) {
    return request.secure() ||
           (by_proxy(request) && request.get("X-Forwarded-Proto", "") == "https");
}

// `same-origin`: without a referrer browsers send a form of /plain as from "null", as from
// anywhere.
void set_security(const HttpRequest& request, HttpResponse& response) {
    response.set("Content-Security-Policy", kPolicy);
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "same-origin");
    // In clear browsers take no notice of it, and complain.
    if (is_encrypted(request)) response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
}

// Under another name with TLS: a browser that signed in in clear is not signed in there.
std::string cookie_of(const HttpRequest& request) {
    Poco::Net::NameValueCollection cookies;
    request.getCookies(cookies);
    return cookies.get(api::session_cookie(is_encrypted(request)), "");
}

Caller caller_of(const HttpRequest& request) {
    std::string from = request.clientAddress().host().toString();
    const std::string forwarded = request.get("X-Forwarded-For", "");
    if (by_proxy(request) && !forwarded.empty()) {
        const std::size_t last = forwarded.find_last_of(", ");
        from = forwarded.substr(last == std::string::npos ? 0 : last + 1).substr(0, 64);
    }
    return {std::move(from), request.get("User-Agent", ""), is_encrypted(request)};
}

// A program says who it is with each request, a browser by its cookie.
Visitor visitor_of(Desk& desk, const HttpRequest& request) {
    static const std::string kBearer = "Bearer ";
    const std::string authorization = request.get("Authorization", "");
    if (authorization.rfind(kBearer, 0) == 0)
        return desk.console()
            .by_token(Secret(authorization.substr(kBearer.size())))
            .value_or(Visitor{});
    const Secret token(cookie_of(request));
    if (token.empty()) return {};
    return desk.console().visitor(token, is_encrypted(request)).value_or(Visitor{});
}

// A form of another page can send none of these, nor a header of its own.
bool is_of_a_program(const HttpRequest& request) {
    const std::string type = request.getContentType();
    return type.rfind("application/json", 0) == 0 || type == "application/octet-stream";
}

class ApiHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit ApiHandler(Desk& desk) : desk_(desk) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        response.set("Cache-Control", "no-store");
        const auto body = api::read_body(request);
        api::send(body ? answer(request, *body) : api::too_large(), response);
    }

  private:
    api::Reply answer(HttpRequest& request, const std::string& body) {
        if (request.getMethod() != "GET" && !is_of_a_program(request))
            return api::fail(415, "bad-input", "Content-Type has to be application/json");
        api::Asked asked;
        asked.method = request.getMethod();
        asked.uri = request.getURI().substr(sizeof kApi - 1);
        asked.body = body;
        asked.caller = caller_of(request);
        asked.csrf = request.get("X-CSRF-Token", "");
        asked.visitor = visitor_of(desk_, request);
        return api::answer(desk_, asked);
    }
    Desk& desk_;
};

// The front reads as much as the head says (gateway/io/http/front.h): there is no body that is in
// pieces.
class LengthHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        api::send(api::fail(411, "bad-input", "a request has to say its Content-Length"), response);
    }
};

class FileHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit FileHandler(const Files& files) : files_(files) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        if (request.getMethod() != "GET" && request.getMethod() != "HEAD")
            return refuse(response, HttpResponse::HTTP_METHOD_NOT_ALLOWED);
        const std::string uri = request.getURI();
        const File* file = files_.find(uri.substr(0, uri.find('?')));
        if (file == nullptr) return refuse(response, HttpResponse::HTTP_NOT_FOUND);
        if (!file->style_hash.empty())
            response.set("Content-Security-Policy",
                         std::string(kPolicy) + "; style-src 'self' " + file->style_hash);
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

// For who is signed in, as all but the page itself.
class TilesHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit TilesHandler(Desk& desk) : desk_(desk) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        if (visitor_of(desk_, request).role != Role::Anyone)
            return send_tiles(desk_.office().box().settings->tiles, request, response);
        response.setStatusAndReason(HttpResponse::HTTP_UNAUTHORIZED);
        response.setContentLength(0);
        response.send();
    }

  private:
    Desk& desk_;
};

// A form of another page would come with that page's name.
bool from_elsewhere(const HttpRequest& request) {
    const std::string origin = request.get("Origin", "");
    const std::string here = is_encrypted(request) ? "https://" : "http://";
    return !origin.empty() && origin != here + request.getHost();
}

class PlainHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    PlainHandler(Desk& desk, const Words& words) : desk_(desk), words_(words) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        response.set("Cache-Control", "no-store");
        const auto body = api::read_body(request);
        if (!body || from_elsewhere(request)) {
            response.setStatusAndReason(body ? HttpResponse::HTTP_FORBIDDEN
                                             : HttpResponse::HTTP_REQUEST_ENTITY_TOO_LARGE);
            response.setContentLength(0);
            response.send();
            return;
        }
        send(Plain(desk_, words_).answer(asked_by(request, *body)), response);
    }

  private:
    PlainAsked asked_by(HttpRequest& request, const std::string& body) {
        PlainAsked asked;
        asked.method = request.getMethod();
        const std::string uri = request.getURI().substr(sizeof kPlain - 1);
        asked.path = uri.substr(0, uri.find('?'));
        std::istringstream form(body);
        try {
            const Poco::Net::HTMLForm fields(request, form);
            for (const auto& [name, value] : fields) asked.fields[name] = value;
        } catch (const Poco::Exception&) {
            asked.fields.clear();
        }
        asked.caller = caller_of(request);
        asked.visitor = visitor_of(desk_, request);
        return asked;
    }
    static void send(const PlainPage& page, HttpResponse& response) {
        response.setStatus(static_cast<HttpResponse::HTTPStatus>(page.status));
        if (!page.cookie.empty()) response.set("Set-Cookie", page.cookie);
        if (!page.go_to.empty()) response.set("Location", page.go_to);
        response.setContentType("text/html; charset=utf-8");
        response.setContentLength(static_cast<std::streamsize>(page.html.size()));
        response.send() << page.html;
    }
    Desk& desk_;
    const Words& words_;
};

class PortalHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit PortalHandler(PortalAnswer answer) : answer_(std::move(answer)) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        set_security(request, response);
        response.set("Cache-Control", "no-store");
        response.setStatusAndReason(static_cast<HttpResponse::HTTPStatus>(answer_.status));
        if (!answer_.go_to.empty()) response.set("Location", answer_.go_to);
        if (!answer_.type.empty()) response.setContentType(answer_.type);
        if (answer_.status != HttpResponse::HTTP_NO_CONTENT)
            response.setContentLength(static_cast<std::streamsize>(answer_.body.size()));
        std::ostream& out = response.send();
        if (request.getMethod() != "HEAD") out << answer_.body;
    }

  private:
    const PortalAnswer answer_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    Factory(Desk& desk, const Files& files, const Words& words, Portal& portal,
            Encryption encryption)
        : desk_(desk),
          files_(files),
          words_(words),
          portal_(portal),
          encryption_(std::move(encryption)) {}

    // The portal first: who asks for another host is not to be sent to that host's TLS.
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HttpRequest& request) override {
        if (auto answer = portal_answer(request))
            return new PortalHandler(std::move(*answer));  // NOLINT: the server takes it
        if (auto* first = encryption_.first(request, is_encrypted(request))) return first;
        return encryption_.insisting(request, handler_for(request));
    }

  private:
    std::optional<PortalAnswer> portal_answer(const HttpRequest& request) {
        if (request.secure() || !portal_.is_for(request.serverAddress().host().toString()))
            return std::nullopt;
        const std::string& uri = request.getURI();
        return portal_.answer({request.getMethod(), request.get("Host", ""),
                               uri.substr(0, uri.find('?')),
                               request.clientAddress().host().toString(),
                               request.get("Accept-Language", ""), request.get("Origin", "")});
    }
    Poco::Net::HTTPRequestHandler* handler_for(const HttpRequest& request) {
        if (request.getChunkedTransferEncoding())
            return new LengthHandler;  // NOLINT: the server takes it
        if (request.getURI().rfind(std::string(kApi) + '/', 0) == 0)
            return new ApiHandler(desk_);  // NOLINT: the server takes it
        const std::string path = request.getURI().substr(0, request.getURI().find('?'));
        if (path == kPlain || path.rfind(std::string(kPlain) + '/', 0) == 0)
            return new PlainHandler(desk_, words_);          // NOLINT: the server takes it
        if (path == kTiles) return new TilesHandler(desk_);  // NOLINT: the server takes it
        return new FileHandler(files_);                      // NOLINT: the server takes it
    }
    Desk& desk_;
    const Files& files_;
    const Words& words_;
    Portal& portal_;
    const Encryption encryption_;
};

}  // namespace

struct Site::Running {
    Running(Desk& desk, const SiteOptions& options)
        : files(options.files),
          words(files),
          portal(desk, words, options.portal),
          pool(1, kMostThreads, 60, kThreadStack),
          front(new HttpFront(front_options(options))),  // NOLINT: counted by Poco
          server(new Factory(desk, files, words, portal,
                             Encryption(options.certificates, options.redirect, front->tls_port())),
                 pool, HttpFrontSocket(front.duplicate()), parameters()) {
        server.start();
    }
    static HttpFrontOptions front_options(const SiteOptions& options) {
        HttpFrontOptions front;
        front.section = "[console]";
        front.listen = options.listen;
        if (!options.certificates) return front;
        front.tls_listen = options.tls_listen;
        front.context = [keeper = options.certificates] { return keeper->context(); };
        return front;
    }
    // A connection that stays open would keep a thread.
    static Poco::Net::HTTPServerParams* parameters() {
        auto* params = new Poco::Net::HTTPServerParams;  // NOLINT: counted by Poco
        params->setMaxThreads(kMostThreads);
        params->setMaxQueued(kWaitingConnections);
        params->setKeepAlive(false);
        params->setTimeout(Poco::Timespan(kPatience, 0));
        return params;
    }
    const Files files;
    const Words words;
    Portal portal;
    Poco::ThreadPool pool;
    Poco::AutoPtr<HttpFront> front;
    Poco::Net::HTTPServer server;
};

Site::Site(Desk& desk, const SiteOptions& options) {
    try {
        running_ = std::make_unique<Running>(desk, options);
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("[console] " + e.displayText());
    }
}

Site::~Site() {
    running_->front->end();
    running_->server.stopAll(true);
}

int Site::port() const { return running_->front->port(); }
int Site::tls_port() const { return running_->front->tls_port(); }

}  // namespace waypost::site
