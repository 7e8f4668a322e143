// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/smtp/smtp_listener.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketImpl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bridges/email/smtp/smtp_loop.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

// Reading a mail takes processor time, so one core more takes mail faster; two leave the rest of a
// small board to everybody else.
constexpr unsigned kMostLoops = 2;

Poco::Net::ServerSocket listen_on(const std::string& address) {
    const std::string where = address.substr(address.find(':') + 1);
    try {
        if (!where.empty() && where[0] == '/') {
            // Only what an earlier run left there; bind says what it thinks of anything else.
            if (std::filesystem::is_socket(where)) ::unlink(where.c_str());
            Poco::Net::ServerSocket socket(
                Poco::Net::SocketAddress(Poco::Net::AddressFamily::UNIX_LOCAL, where));
            ::chmod(where.c_str(), 0660);  // the server in front shares the group
            return socket;
        }
        Poco::Net::ServerSocket socket;
        socket.bind(Poco::Net::SocketAddress(where), true);
        socket.listen(256);
        return socket;
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot listen on " + address + ": " + e.displayText());
    }
}

Poco::Net::Context::Ptr tls_of(const ListenerOptions& options) {
    using Poco::Net::Context;
    if (options.certificate.empty()) return {};
    try {
        return new Context(Context::TLS_SERVER_USE, options.private_key, options.certificate, "",
                           Context::VERIFY_NONE);
    } catch (const Poco::Exception& e) {
        throw std::runtime_error("cannot use the certificate: " + e.displayText());
    }
}

Reception reception_of(ListenerOptions options, Office& office) {
    Reception reception{std::move(options), office, {}, {}};
    reception.tls = tls_of(reception.options);
    reception.smtp.lmtp = reception.options.address.rfind("lmtp:", 0) == 0;
    reception.smtp.tls_offered = !reception.tls.isNull();
    reception.smtp.host_name = office.domain();
    reception.smtp.max_message_bytes = reception.options.max_message_bytes;
    return reception;
}

}  // namespace

class SmtpListener::Server {
  public:
    Server(ListenerOptions options, Office& office)
        : reception_(reception_of(std::move(options), office)),
          socket_(listen_on(reception_.options.address)) {
        const unsigned cores = std::max(std::thread::hardware_concurrency(), 1u);
        for (unsigned i = 0; i < std::min(cores, kMostLoops); ++i) {
            loops_.push_back(std::make_unique<SmtpLoop>(reception_, [this] { note_room(); }));
        }
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() { stop(); }

    void start() {
        for (const auto& loop : loops_) loop->start();
        thread_ = std::thread([this] { accept(); });
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        room_.notify_all();
        ::shutdown(socket_.impl()->sockfd(), SHUT_RDWR);  // ends a waiting accept
        if (thread_.joinable()) thread_.join();
        for (const auto& loop : loops_) loop->stop();
    }

    const std::string& address() const { return reception_.options.address; }
    int port() const {
        const auto address = socket_.address();
        return address.family() == Poco::Net::AddressFamily::UNIX_LOCAL ? 0 : address.port();
    }
    int sessions() const {
        int all = 0;
        for (const auto& loop : loops_) all += loop->connections();
        return all;
    }

  private:
    void note_room() {
        const std::lock_guard lock(mutex_);  // or the accepting thread misses it between two looks
        room_.notify_one();
    }

    // Whoever comes when there are enough waits in the socket's queue.
    bool wait_for_room() {
        std::unique_lock lock(mutex_);
        room_.wait(lock,
                   [this] { return stopping_ || sessions() < reception_.options.max_sessions; });
        return !stopping_;
    }

    void accept() {
        while (wait_for_room()) {
            try {
                const Poco::Net::StreamSocket peer = socket_.acceptConnection();
                const auto least = std::min_element(loops_.begin(), loops_.end(),
                                                    [](const auto& a, const auto& b) {
                                                        return a->connections() < b->connections();
                                                    });
                (*least)->take(peer);
            } catch (const std::exception& e) {  // out of descriptors, or the socket was shut
                std::unique_lock lock(mutex_);
                if (stopping_) return;
                log(Level::Warning, "email", "accept-failed", {{"why", e.what()}});
                room_.wait_for(lock, std::chrono::milliseconds(200));
            }
        }
    }

    Reception reception_;
    Poco::Net::ServerSocket socket_;
    std::vector<std::unique_ptr<SmtpLoop>> loops_;
    std::mutex mutex_;
    std::condition_variable room_;
    bool stopping_ = false;
    std::thread thread_;
};

SmtpListener::SmtpListener(ListenerOptions options, Office& office)
    : server_(std::make_unique<Server>(std::move(options), office)) {}
SmtpListener::~SmtpListener() = default;

void SmtpListener::start() { server_->start(); }
void SmtpListener::stop() { server_->stop(); }
const std::string& SmtpListener::address() const { return server_->address(); }
int SmtpListener::port() const { return server_->port(); }
int SmtpListener::sessions() const { return server_->sessions(); }

}  // namespace waypost::email
