// SPDX-License-Identifier: Apache-2.0
#include "web/site/encryption.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <cctype>
#include <cstring>

namespace waypost::site {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;
using HttpResponse = Poco::Net::HTTPServerResponse;

constexpr char kChallenge[] = "/.well-known/acme-challenge/";  // RFC 8555 8.3
constexpr int kHttpsPort = 443;

// What an authority asks, which is about to give a certificate.
class ChallengeHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit ChallengeHandler(const tls::CertificateKeeper& keeper) : keeper_(keeper) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        const auto answer = keeper_.challenge(request.getURI().substr(sizeof kChallenge - 1));
        if (!answer) response.setStatusAndReason(HttpResponse::HTTP_NOT_FOUND);
        response.setContentType("application/octet-stream");
        response.setContentLength(static_cast<std::streamsize>(answer ? answer->size() : 0));
        response.send() << answer.value_or("");
    }

  private:
    const tls::CertificateKeeper& keeper_;
};

// To the same with TLS; not for ever, as the operator may think otherwise.
class ElsewhereHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    explicit ElsewhereHandler(std::string to) : to_(std::move(to)) {}

    void handleRequest(HttpRequest&, HttpResponse& response) override {
        response.setStatusAndReason(HttpResponse::HTTP_TEMPORARY_REDIRECT);
        response.set("Location", to_);
        response.setContentLength(0);
        response.send();
    }

  private:
    const std::string to_;
};

// Browsers that accept the certificate come back with TLS only (RFC 6797).
class InsistingHandler final : public Poco::Net::HTTPRequestHandler {
  public:
    InsistingHandler(Poco::Net::HTTPRequestHandler* inner, std::chrono::seconds lasts)
        : inner_(inner), lasts_(lasts) {}

    void handleRequest(HttpRequest& request, HttpResponse& response) override {
        response.set("Strict-Transport-Security", "max-age=" + std::to_string(lasts_.count()));
        inner_->handleRequest(request, response);
    }

  private:
    const std::unique_ptr<Poco::Net::HTTPRequestHandler> inner_;
    const std::chrono::seconds lasts_;
};

// Without its port; empty: it is no name that may stand in a header.
std::string host_of(const HttpRequest& request) {
    const std::string whole = request.get("Host", "");
    const bool good = std::all_of(whole.begin(), whole.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || std::strchr(".-:[]", c) != nullptr;
    });
    const std::size_t end = whole.rfind(']');
    const std::size_t colon = whole.find(':', end == std::string::npos ? 0 : end);
    return good ? whole.substr(0, colon) : std::string();
}

}  // namespace

Poco::Net::HTTPRequestHandler* Encryption::first(const HttpRequest& request, bool encrypted) const {
    if (!keeper_ || request.secure()) return nullptr;
    if (request.getURI().rfind(kChallenge, 0) == 0)
        return new ChallengeHandler(*keeper_);  // NOLINT
    const std::string to = encrypted ? std::string() : elsewhere(request);
    return to.empty() ? nullptr : new ElsewhereHandler(to);  // NOLINT: the caller's
}

Poco::Net::HTTPRequestHandler* Encryption::insisting(const HttpRequest& request,
                                                     Poco::Net::HTTPRequestHandler* page) const {
    if (!keeper_ || !request.secure()) return page;
    const auto lasts = keeper_->insist();
    return lasts.count() == 0 ? page : new InsistingHandler(page, lasts);  // NOLINT: the caller's
}

// Empty: it is answered here.
std::string Encryption::elsewhere(const HttpRequest& request) const {
    std::string host = host_of(request);
    const bool all = redirect_ == Redirect::All;
    const bool by_name = redirect_ == Redirect::Names && keeper_->is_accepted_for(host);
    if (!all && !by_name) return {};
    if (host.empty()) host = keeper_->names().front();
    if (port_ != kHttpsPort) host += ':' + std::to_string(port_);
    const std::string& uri = request.getURI();
    return "https://" + host + (uri.empty() || uri.front() != '/' ? "/" : uri);
}

}  // namespace waypost::site
