// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/server.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace waypost::nncp {
namespace {

constexpr int kBacklog = 64;
constexpr int kPause = 200;  // milliseconds after accept() failed, as without descriptors

// "HOST:PORT"; without a host all addresses, of both versions where the machine has both.
void bind_to(Poco::Net::ServerSocket& socket, const std::string& where) {
    const std::size_t colon = where.rfind(':');
    if (colon == std::string::npos) throw Poco::SyntaxException("write HOST:PORT");
    const std::string host = where.substr(0, colon), port = where.substr(colon + 1);
    if (!host.empty()) return socket.bind(Poco::Net::SocketAddress(where), true);
    try {
        socket.bind6(Poco::Net::SocketAddress("[::]:" + port), true, false, false);
    } catch (const Poco::Exception&) {
        socket = Poco::Net::ServerSocket();
        socket.bind(Poco::Net::SocketAddress("0.0.0.0:" + port), true);
    }
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const OnlineHome& home, ServerOptions options,
                                              OnlineWatch watch, Ended ended) {
    try {
        Poco::Net::ServerSocket socket;
        bind_to(socket, options.bind);
        socket.listen(kBacklog);
        socket.setBlocking(false);
        return std::unique_ptr<Server>(new Server(std::move(socket), home, std::move(options),
                                                  std::move(watch), std::move(ended)));
    } catch (const Poco::Exception& e) {
        return Error{Code::Network, "cannot listen on " + options.bind + ": " + e.displayText(),
                     true};
    }
}

Server::Server(Poco::Net::ServerSocket socket, const OnlineHome& home, ServerOptions options,
               OnlineWatch watch, Ended ended)
    : socket_(std::move(socket)),
      home_{home.config, home.spool, stop_},
      options_(std::move(options)),
      watch_(std::move(watch)),
      ended_(std::move(ended)),
      port_(socket_.address().port()),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { run(); }) {}

Server::~Server() {
    stop_ = true;
    wake();
    thread_.join();
    for (Visit& visit : visits_) visit.line->wake();
    for (Visit& visit : visits_) visit.thread.join();
}

void Server::wake() const noexcept {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void Server::run() {
    while (!stop_) {
        pollfd watched[2] = {{wake_.get(), POLLIN, 0}, {socket_.impl()->sockfd(), POLLIN, 0}};
        (void)::poll(watched, 2, -1);
        std::uint64_t count = 0;
        (void)!::read(wake_.get(), &count, sizeof count);
        reap();
        if ((watched[1].revents & POLLIN) != 0 && !stop_) accept();
    }
}

bool Server::has_room_for(const std::string& from) const {
    std::size_t of_one = 0;
    for (const Visit& visit : visits_)
        if (visit.from == from) ++of_one;
    return visits_.size() < options_.most && of_one < options_.most_of_one;
}

void Server::accept() {
    try {
        Poco::Net::SocketAddress from;
        auto socket = socket_.acceptConnection(from);
        const std::string who = from.host().toString();
        if (!has_room_for(who)) return;  // closes it
        auto line = line_of(std::move(socket));
        Visit& visit = visits_.emplace_back();
        visit.line = std::move(line);
        visit.from = who;
        try {
            visit.thread = std::thread([this, &visit] { serve(visit); });
        } catch (const std::system_error&) {
            visits_.pop_back();
        }
    } catch (const Poco::Exception&) {  // it went away before, or nothing is left to serve it with
        pollfd watched{wake_.get(), POLLIN, 0};
        (void)::poll(&watched, 1, kPause);
    }
}

void Server::serve(Visit& visit) {
    OnlineReport report = answer(home_, *visit.line, options_.session, watch_);
    report.address = visit.from;
    if (ended_) ended_(report);
    visit.over = true;
    wake();
}

void Server::reap() {
    for (auto visit = visits_.begin(); visit != visits_.end();) {
        if (!visit->over) {
            ++visit;
            continue;
        }
        visit->thread.join();
        visit = visits_.erase(visit);
    }
}

}  // namespace waypost::nncp
