// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/server/http_door.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <stdexcept>

#include "bridges/activitypub/server/doorkeeper.h"
#include "bridges/activitypub/server/read_request.h"
#include "gateway/base/log.h"
#include "gateway/io/http/front.h"
#include "gateway/io/tls/file_context.h"

namespace waypost::activitypub {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;
using HttpResponse = Poco::Net::HTTPServerResponse;

constexpr int kThreadStack = 512 * 1024;
constexpr int kWaitingRequests = 64;
constexpr long kPatience = 20;  // seconds

BoxTime steady_now() {
    return BoxTime(std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch()));
}

Answer internal_error() { return plain_answer(500, "something went wrong here"); }

bool is_one_line(const std::string& text) { return text.find_first_of("\r\n") == text.npos; }

void send(const Answer& answer, const std::string& method, HttpResponse& response) {
    response.setStatusAndReason(static_cast<HttpResponse::HTTPStatus>(answer.status));
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    response.set("X-Content-Type-Options", "nosniff");
    if (!answer.type.empty()) response.setContentType(answer.type);
    const bool bodiless = answer.status == 204 || answer.status == 304;  // RFC 9110 8.6
    const std::string body = answer.type.empty() || bodiless ? std::string() : answer.body;
    if (!bodiless) response.setContentLength64(static_cast<Poco::Int64>(body.size()));
    std::ostream& out = response.send();
    if (method != "HEAD") out << body;
}

struct House {
    HttpDoorOptions options;
    HttpDoor::Handler answer;
    Doorkeeper keeper{options.per_minute, options.at_once};
};

class DoorHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    DoorHandler(House& house, std::optional<Answer> refused)
        : house_(house), refused_(std::move(refused)) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        if (refused_) return end_with(*refused_, request, response);
        const auto read = read_request(request, house_.options.proxy);
        if (const auto* refused = std::get_if<Answer>(&read))
            return end_with(*refused, request, response);
        send(answer(std::get<Request>(read)), request.getMethod(), response);
    }

  private:
    // What follows on this connection may be the rest of this request.
    static void end_with(const Answer& refused, const HttpRequest& request,
                         HttpResponse& response) {
        response.setKeepAlive(false);
        send(refused, request.getMethod(), response);
    }
    Answer answer(const Request& request) {
        const auto admitted =
            house_.keeper.admit(household_of(Poco::Net::IPAddress(request.from)), steady_now());
        if (!admitted) {
            Answer busy = plain_answer(429, "too many requests from this address");
            busy.headers["Retry-After"] = "10";
            return busy;
        }
        try {
            Answer made = house_.answer(request);
            const bool good =
                is_one_line(made.type) &&
                std::all_of(made.headers.begin(), made.headers.end(),
                            [](const auto& each) { return is_one_line(each.second); });
            if (good) return made;
            log(Level::Error, "activitypub", "answer-not-sent",
                {{"why", "a header has two lines"}});
        } catch (const Poco::Exception& e) {
            log(Level::Error, "activitypub", "answer-failed", {{"why", e.displayText()}});
        } catch (const std::exception& e) {
            log(Level::Error, "activitypub", "answer-failed", {{"why", e.what()}});
        } catch (...) {
            log(Level::Error, "activitypub", "answer-failed");
        }
        return internal_error();
    }
    House& house_;
    const std::optional<Answer> refused_;  // by its head
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(House& house) : house_(house) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const HttpRequest& request) override {
        // Who asks first whether his body is wanted (RFC 9110 10.1.1) is not told to go on.
        auto refused = refused_by_head(request, house_.options.most_body);
        if (refused)
            request.response().setStatus(static_cast<HttpResponse::HTTPStatus>(refused->status));
        return new DoorHandler(house_, std::move(refused));  // NOLINT: the server takes it
    }

  private:
    House& house_;
};

HttpFrontOptions front_options(const HttpDoorOptions& options) {
    HttpFrontOptions front;
    front.section = options.section;
    front.listen = options.listen;
    front.begin = options.head_time;
    front.body = options.body_time;
    front.idle = options.idle_time;
    front.request.most_body = options.most_body;
    front.request.most_dropped = 0;
    front.proxy = options.proxy;
    if (options.tls_listen.empty()) return front;
    front.tls_listen = options.tls_listen;
    try {
        const auto files = std::make_shared<tls::FileContext>(
            tls::CertificateFiles(options.certificate, options.private_key), "activitypub",
            options.certificate_look);
        front.context = [files] { return files->context(); };
    } catch (const std::runtime_error& e) {
        throw std::runtime_error(options.section + " certificate: " + e.what());
    }
    return front;
}

Poco::Net::HTTPServerParams* parameters(const HttpDoorOptions& options) {
    auto* params = new Poco::Net::HTTPServerParams;  // NOLINT: counted by Poco
    params->setMaxThreads(options.threads);
    params->setMaxQueued(kWaitingRequests);
    params->setKeepAlive(true);
    params->setTimeout(Poco::Timespan(kPatience, 0));
    return params;
}

}  // namespace

std::string Request::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

struct HttpDoor::Parts {
    Parts(HttpDoorOptions options, Handler answer)
        : house{std::move(options), std::move(answer)},
          pool(1, std::max(2, house.options.threads), 60, kThreadStack),
          front(new HttpFront(front_options(house.options))),  // NOLINT: counted by Poco
          server(new Factory(house), pool, HttpFrontSocket(front.duplicate()),
                 parameters(house.options)) {
        server.start();
    }
    ~Parts() {
        front->end();
        server.stopAll(true);
        pool.joinAll();
    }
    House house;
    Poco::ThreadPool pool;
    Poco::AutoPtr<HttpFront> front;
    Poco::Net::HTTPServer server;
};

HttpDoor::HttpDoor(HttpDoorOptions options, Handler answer) {
    const std::string section = options.section;
    Poco::Net::IPAddress proxy;
    if (!options.proxy.empty() && !Poco::Net::IPAddress::tryParse(options.proxy, proxy))
        throw std::runtime_error(section + " proxy: " + options.proxy + " is no IP address");
    try {
        parts_ = std::make_unique<Parts>(std::move(options), std::move(answer));
    } catch (const Poco::Exception& e) {
        throw std::runtime_error(section + ' ' + e.displayText());
    }
}

HttpDoor::~HttpDoor() = default;
void HttpDoor::stop() { parts_.reset(); }
int HttpDoor::port() const { return parts_ ? parts_->front->port() : 0; }
int HttpDoor::tls_port() const { return parts_ ? parts_->front->tls_port() : 0; }

}  // namespace waypost::activitypub
