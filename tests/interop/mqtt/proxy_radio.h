// SPDX-License-Identifier: Apache-2.0
// A radio on TCP with MQTT and its client proxy on: it tells its host of itself as firmware 2.8
// does, hands over what it hears, and keeps what it is handed. Threads: one of its own.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/demo/loopback.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/channel_key.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::interop {

class ProxyRadio {
  public:
    // Its channels: LongFast first, then this one with uplink and downlink on.
    ProxyRadio(std::uint32_t number, std::string channel, std::string psk);
    ~ProxyRadio();
    ProxyRadio(const ProxyRadio&) = delete;
    ProxyRadio& operator=(const ProxyRadio&) = delete;

    std::string port() const { return "tcp:127.0.0.1:" + std::to_string(listening_.port); }
    std::string id() const { return meshtastic::node_id(number_); }
    void hears(const meshtastic::pb::MeshPacket& packet);    // its host is there, or it is lost
    std::vector<meshtastic::pb::MeshPacket> handed() const;  // of envelopes, for the air
    std::vector<std::string> said() const;                   // texts of its host on a channel

  private:
    void run();
    void serve(int host);
    void take(const std::string& payload);
    void tell_all(std::uint32_t nonce);
    void say(const meshtastic::pb::FromRadio& message);  // under mutex_

    const std::uint32_t number_;
    const std::string channel_, psk_;
    Listening listening_;
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;  // all below
    int host_ = -1;
    std::vector<meshtastic::pb::MeshPacket> handed_;
    std::vector<std::string> said_;
    std::thread thread_;
};

}  // namespace waypost::interop
