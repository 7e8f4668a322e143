// SPDX-License-Identifier: Apache-2.0
// Packets of the box's own node by multicast on a local network, as firmware with "Mesh via UDP"
// puts them there. Never one of another node: nothing is relayed between here and a radio.
//
// A thread of its own receives. Interfaces that come and go are followed.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/token_bucket.h"
#include "gateway/base/wake.h"
#include "radio/meshtastic/node/node_carrier.h"
#include "radio/meshtastic/udp/multicast_socket.h"

namespace waypost::meshtastic {

struct UdpCarrierOptions {
    MulticastGroup group;
    std::string interface;                       // name or address; empty: all
    std::chrono::milliseconds look_every{5000};  // after interfaces
    std::chrono::milliseconds again{1000};       // what the store did not take
    BucketSize rate{500, 100.0 * 3600};          // datagrams; more are dropped
};

class UdpCarrier final : public NodeCarrier {
  public:
    explicit UdpCarrier(UdpCarrierOptions options);  // throws std::runtime_error
    ~UdpCarrier() override;

    void start(Office& office, NodeDoor& door, std::uint32_t own_number) override;
    void stop() override;
    // `taken` is never called: nobody says that he has a datagram.
    bool send(const NodePacket& packet, std::function<void(bool)> taken) override;
    bool up() const override { return socket() != nullptr; }
    std::string why_down() const override;
    std::map<std::string, std::string> details() const override;

  private:
    std::shared_ptr<MulticastSocket> socket() const;
    void run();
    void follow_interfaces();
    std::vector<pb::MeshPacket> take(const MulticastSocket& socket);
    void hand_over(const std::vector<pb::MeshPacket>& packets);
    void wait(int socket_fd, std::chrono::milliseconds most) const;
    std::int64_t now_ms() const;

    const UdpCarrierOptions options_;
    Office* office_ = nullptr;
    NodeDoor* door_ = nullptr;
    std::uint32_t own_ = 0;
    Wake wake_;  // it is over
    std::atomic<bool> stopping_{false};
    std::thread thread_;
    std::vector<int> interfaces_;  // these four: the thread's
    std::int64_t look_at_ms_ = 0;
    TokenBucket bucket_;
    std::atomic<std::uint64_t> received_{0}, sent_{0}, own_heard_{0}, strange_{0}, too_many_{0},
        lost_{0};
    mutable std::mutex mutex_;                 // both below
    std::shared_ptr<MulticastSocket> socket_;  // null: there is no interface
    std::string why_ = "has not started yet";
};

}  // namespace waypost::meshtastic
