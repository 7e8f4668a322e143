// SPDX-License-Identifier: Apache-2.0
// What stands before the console's server: takes connections, in clear and with TLS, and hands one
// on only when its handshake is done and its request is there, head and body. Whoever connects and
// says nothing, or says it slowly, costs a descriptor for a while, at most 260 KiB, and no thread.
#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "web/site/connection.h"

namespace waypost::site {

struct FrontOptions {
    std::string listen{};      // in clear: "0.0.0.0:80"; empty: not
    std::string tls_listen{};  // with TLS; empty: not
    // Of the next handshake; the front's thread asks.
    std::function<Poco::Net::Context::Ptr()> context{};
    std::chrono::milliseconds begin = std::chrono::seconds(10);  // for handshake and head
    std::chrono::milliseconds body = std::chrono::seconds(60);   // for the rest, after that
};

// To Poco's server it is the socket where connections come from. Threads: one.
class Front final : public Poco::Net::ServerSocketImpl {
  public:
    // Beginning ones; of more, the oldest goes, first that of the same address (of IPv6 the same
    // /64, which is one household).
    static constexpr std::size_t kMostBeginning = 128;
    static constexpr std::size_t kMostBeginningFrom = 32;

    // Throws std::runtime_error with a sentence for the operator. The first reference is the
    // caller's.
    explicit Front(FrontOptions options);
    void end();  // takes no more

    int port() const { return address_of(clear_).port(); }
    int tls_port() const { return address_of(tls_).port(); }  // 0: none

    // Of Poco's server: its name, whether a connection is there for it, and the next one.
    Poco::Net::SocketAddress address() override;
    bool poll(const Poco::Timespan& timeout, int mode) override;
    Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& client) override;

  protected:
    ~Front() override;

  private:
    using Time = std::chrono::steady_clock::time_point;
    using Owned = Poco::AutoPtr<Poco::Net::StreamSocketImpl>;
    struct Beginning {
        Connection* connection;
        Owned socket;  // the same object
        std::string from;
        Time until;
        bool in_body;
        short events;
    };

    static Fd listening(const std::string& address, const char* setting);
    static Poco::Net::SocketAddress address_of(const Fd& fd);
    void run();
    int patience(Time now) const;  // for poll(2)
    void take_from(const Fd& listening);
    void make_room(const std::string& from);
    // False: it is over with this one, which was handed on or is closed.
    bool go_on(Beginning& with);

    const FrontOptions options_;
    const Fd clear_, tls_, wake_;
    std::list<Beginning> beginning_;  // oldest first; of the thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Owned> ready_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace waypost::site
