// SPDX-License-Identifier: Apache-2.0
// What stands before an HTTP server: takes connections, in clear and with TLS, and hands one on
// only when its handshake is done and its request is there, head and body. Whoever connects and
// says nothing, or says it slowly, costs a descriptor for a while and no thread; so does who keeps
// his connection for another request.
#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/io/http/lease.h"

namespace waypost {

struct HttpFrontOptions {
    std::string section{};     // of the settings, as errors name it: "[console]"
    std::string listen{};      // in clear: "0.0.0.0:80"; empty: not
    std::string tls_listen{};  // with TLS; empty: not
    // Of the next handshake; the front's thread asks.
    std::function<Poco::Net::Context::Ptr()> context{};
    std::chrono::milliseconds begin = std::chrono::seconds(10);  // for handshake and head
    std::chrono::milliseconds body = std::chrono::seconds(60);   // for the rest, after that
    // Between two requests of a connection; 0: it ends with its answer. A server that uses it reads
    // each body to its end, or answers with `Connection: close`.
    std::chrono::milliseconds idle{0};
    RequestLimits request{};
    std::size_t most_bytes = 32 * 1024 * 1024;  // of all requests that are not answered yet
    std::string proxy{};  // IP address that may have more connections than others
};

// To Poco's server it is the socket where connections come from. Threads: one.
class HttpFront final : public Poco::Net::ServerSocketImpl {
  public:
    // Beginning ones; of more, the oldest goes, first that of the same address (household_of).
    static constexpr std::size_t kMostBeginning = 128;
    static constexpr std::size_t kMostBeginningFrom = 32;

    // Throws std::runtime_error with a sentence for the operator. The first reference is the
    // caller's.
    explicit HttpFront(HttpFrontOptions options);
    void end();  // takes no more

    int port() const { return address_of(clear_).port(); }
    int tls_port() const { return address_of(tls_).port(); }  // 0: none

    // Of Poco's server: its name, whether a connection is there for it, and the next one.
    Poco::Net::SocketAddress address() override;
    bool poll(const Poco::Timespan& timeout, int mode) override;
    Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& client) override;

  protected:
    ~HttpFront() override;

  private:
    using Time = std::chrono::steady_clock::time_point;
    using Held = std::unique_ptr<HttpConnection>;
    enum class Stage { Idle, Head, Body };
    struct Beginning {
        Held connection;
        std::string from;
        Time until;
        Stage stage = Stage::Head;
        short events = 0;
    };
    struct Ending {
        Held connection;
        Time until;
    };

    Fd listening(const std::string& address, const char* setting) const;
    static Poco::Net::SocketAddress address_of(const Fd& fd);
    void run();
    int patience(Time now) const;  // for poll(2)
    void take_from(const Fd& listening);
    void take_returned();
    void begin(Held connection, Stage stage);
    void make_room(const std::string& from);
    void keep_within();
    // False: it is over with this one, which was handed on or is closed.
    bool go_on(Beginning& with);
    Time limit_of(Stage stage) const;

    const HttpFrontOptions options_;
    const std::string proxy_;  // its household
    const Fd clear_, tls_;
    const std::shared_ptr<HttpReturns> returns_;
    // Of the thread:
    std::list<Beginning> beginning_;  // oldest first
    std::list<Ending> ending_;        // likewise

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Held> ready_;
    bool ends_ = false;
    std::thread thread_;
};

// As Poco's server takes it.
class HttpFrontSocket final : public Poco::Net::ServerSocket {
  public:
    explicit HttpFrontSocket(HttpFront* front) : ServerSocket(front, true) {}
};

// Whom limits count together: of IPv6 the same /64, which is one household.
std::string household_of(const Poco::Net::IPAddress& address);

}  // namespace waypost
