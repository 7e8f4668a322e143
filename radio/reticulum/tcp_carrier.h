// SPDX-License-Identifier: Apache-2.0
// Packets over TCP, framed like HDLC (wire/hdlc.h), as the interfaces of other programs speak it:
// one connection to a machine, which is made again when it is lost, or many from phones and
// programs that connect to this box. Each connection is an interface.
//
// One thread does all of it.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/reconnect_pauses.h"
#include "gateway/base/token_bucket.h"
#include "gateway/base/wake.h"
#include "radio/reticulum/carrier.h"
#include "radio/reticulum/wire/hdlc.h"

namespace waypost::reticulum {

struct TcpCarrierOptions {
    bool listens = false;
    std::string host;  // to connect to, or the address to listen at
    int port = 0;      // 0 where it listens: any that is free
    std::size_t most_connections = 32;
    std::chrono::milliseconds first_pause{1'000};  // before it is connected again
    BucketSize rate{2000, 500.0 * 3600};           // packets of one connection; more are dropped
};

class TcpCarrier final : public Carrier {
  public:
    explicit TcpCarrier(TcpCarrierOptions options);  // throws std::runtime_error
    ~TcpCarrier() override;

    void start(Office& office, const TransportId& id, CarrierDoor& door) override;
    void stop() override;
    Took send(InterfaceNumber on, const std::string& packet, bool alarm) override;
    bool up() const override;
    Status status() const override;
    int port() const;  // that it listens at

  private:
    struct Connection {
        InterfaceNumber number = 0;
        Poco::Net::StreamSocket socket;
        std::string name;
        HdlcParser parser;
        TokenBucket bucket{0};
        std::string out;  // under mutex_
    };
    using Steady = std::chrono::steady_clock;

    std::string where() const;
    void run();
    void connect();
    void accept();
    void add(const Poco::Net::StreamSocket& socket, const std::string& name);
    void lose(InterfaceNumber number, const std::string& why);
    int patience() const;
    void wait();
    void serve(Connection& connection, short events);
    bool read(Connection& connection);
    bool write(Connection& connection);
    void say_why(const std::string& why);

    const TcpCarrierOptions options_;
    Office* office_ = nullptr;
    CarrierDoor* door_ = nullptr;
    TransportId id_;
    Wake wake_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
    InterfaceNumber last_ = 0;  // these four: the thread's
    Steady::time_point connect_at_{};
    Steady::time_point accept_at_{};
    std::optional<ReconnectPauses> pauses_;
    std::atomic<std::uint64_t> received_{0}, sent_{0}, broken_{0}, too_many_{0};

    mutable std::mutex mutex_;  // of all below; the thread alone adds and removes connections
    std::map<InterfaceNumber, std::unique_ptr<Connection>> connections_;
    std::unique_ptr<Poco::Net::ServerSocket> listener_;  // since start()
    std::string why_ = "has not started yet";
};

}  // namespace waypost::reticulum
