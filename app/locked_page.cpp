// SPDX-License-Identifier: Apache-2.0
#include "app/locked_page.h"

#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "gateway/base/own_file.h"
#include "gateway/base/printable_ascii.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostState = 100;
constexpr int kMostBody = 2000;  // of a request, in bytes
constexpr int kThreads = 3, kQueued = 20;
constexpr std::chrono::seconds kTimeout{10};

constexpr char kQuestion[] =
    "<p>The data of this box are encrypted. Until somebody opens them nothing is sent and nothing "
    "is "
    "taken in. The box opens by itself when the stick with its key is put in; or type the "
    "passphrase, "
    "or the recovery key.</p>"
    "<p>This page is in clear: on an open Wi-Fi others may read along. A cable is safe, and so are "
    "a "
    "keyboard at the box and the stick.</p>"
    "<form method=\"post\" action=\"/\"><p><label>Passphrase<input type=\"password\" "
    "name=\"passphrase\" required maxlength=\"200\" autocomplete=\"off\"></label></p>"
    "<p><button>Open</button></p></form>";

std::string page(const std::string& style, const std::string& said, bool asks) {
    std::string html =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">";
    if (!asks) html += "<meta http-equiv=\"refresh\" content=\"5;url=/\">";
    html += "<title>Waypost</title><style>" + style + "</style></head><body><h1>Waypost</h1>";
    if (!said.empty()) html += "<p role=\"alert\">" + escape_html(said) + "</p>";
    return html + (asks ? kQuestion : "") + "</body></html>\n";
}

class Handler final : public Poco::Net::HTTPRequestHandler {
  public:
    Handler(LockedDoor& door, const std::string& style) : door_(door), style_(style) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        response.set("Cache-Control", "no-store");
        response.set("Content-Security-Policy",
                     "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                     "frame-ancestors 'none'");
        response.set("X-Content-Type-Options", "nosniff");
        response.setContentType("text/html; charset=utf-8");
        try {
            if (request.getMethod() == "POST") return typed(request, response);
        } catch (const Poco::Exception&) {
            return send(response, 400, page(style_, "That cannot be read. Try again.", true));
        }
        // 503: programs that ask for the console's health see that it is not there yet.
        send(response, request.getURI() == "/" ? 200 : 503, page(style_, said(), true));
    }

  private:
    std::string said() const {
        return door_.state() == "wrong" ? "That did not open it." : std::string();
    }

    void typed(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
        if (request.getContentLength64() > kMostBody || request.getChunkedTransferEncoding())
            return send(response, 413, page(style_, "That is too long.", true));
        Poco::Net::HTMLForm form;
        form.setFieldLimit(10);
        form.load(request, request.stream());
        const auto done = door_.type(form.get("passphrase", ""));
        if (!done.ok())
            return send(response, done.error().code == Code::Busy ? 503 : 400,
                        page(style_, done.error().text, true));
        send(response, 200, page(style_, "It is tried. One moment.", false));
    }

    static void send(Poco::Net::HTTPServerResponse& response, int status, const std::string& html) {
        response.setStatusAndReason(Poco::Net::HTTPResponse::HTTPStatus(status));
        response.setKeepAlive(false);
        response.sendBuffer(html.data(), html.size());
    }

    LockedDoor& door_;
    const std::string& style_;
};

class Handlers final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    Handlers(std::shared_ptr<LockedDoor> door, std::string style)
        : door_(std::move(door)), style_(std::move(style)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return new Handler(*door_, style_);  // NOLINT: the server deletes it
    }

  private:
    const std::shared_ptr<LockedDoor> door_;
    const std::string style_;
};

Poco::Net::HTTPServerParams::Ptr parameters() {
    Poco::Net::HTTPServerParams::Ptr all = new Poco::Net::HTTPServerParams;
    all->setKeepAlive(false);
    all->setMaxThreads(kThreads);
    all->setMaxQueued(kQueued);
    all->setTimeout(Poco::Timespan(kTimeout.count(), 0));
    return all;
}

}  // namespace

LockedDoor::LockedDoor(std::filesystem::path folder, Clock clock)
    : folder_(std::move(folder)), clock_(std::move(clock)) {}

std::string LockedDoor::state() const {
    const auto text = read_file(folder_ / "state");
    return text.ok() ? one_line(*text, kMostState) : std::string();
}

Result<void> LockedDoor::type(const std::string& passphrase) {
    if (passphrase.empty() || passphrase.size() > kMostLetters || !is_printable_ascii(passphrase))
        return Error{Code::BadInput, "That is no passphrase: it has plain letters only.", false};
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    if (now < next_) return Error{Code::Busy, "Wait a moment, then try again.", true};
    // Who reads it is there only while nothing is tried.
    const int pipe = ::open((folder_ / "typed").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0) return Error{Code::Busy, "Another is tried now. Wait a moment.", true};
    next_ = now + kPause;
    const std::string line = passphrase + '\n';
    const bool all = ::write(pipe, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(pipe);
    if (!all) return Error{Code::Busy, "Another is tried now. Wait a moment.", true};
    return {};
}

LockedPage::LockedPage(std::shared_ptr<LockedDoor> door, std::uint16_t port,
                       const std::string& style) {
    try {
        const Poco::Net::ServerSocket socket(
            Poco::Net::SocketAddress(Poco::Net::SocketAddress::IPv4, "0.0.0.0", port));
        server_ = std::make_unique<Poco::Net::HTTPServer>(new Handlers(std::move(door), style),
                                                          socket, parameters());
        server_->start();
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("no page on port " + std::to_string(port) + ": " +
                                 e.displayText());
    }
}

LockedPage::~LockedPage() { server_->stopAll(true); }

std::uint16_t LockedPage::port() const { return server_->port(); }

void run_locked_page(const std::string& folder, std::uint16_t port, const std::string& files) {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t signals;  // before any thread starts
    sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM}) sigaddset(&signals, each);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const auto style = read_file(files + "/plain.css");
    const LockedPage page(
        std::make_shared<LockedDoor>(folder, [] { return std::chrono::steady_clock::now(); }), port,
        style.ok() ? *style : std::string());
    log(Level::Info, "locked", "open", {{"port", std::to_string(page.port())}});
    int signal = 0;
    sigwait(&signals, &signal);
}

}  // namespace waypost
