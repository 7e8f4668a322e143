// SPDX-License-Identifier: Apache-2.0
// A simulated Meshtastic device: a mesh node that speaks the host protocol as the recorded sessions
// of firmware 2.8.0 do. Bytes from the host in, bytes to the host out; no sockets. One thread.
#pragma once

#include <deque>
#include <string>

#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/mesh_node.h"

namespace waypost::simulator {

struct DeviceOptions {
    std::uint32_t region = 3;  // EU_868
    std::uint32_t preset = 0;  // LONG_FAST
    std::string firmware = "2.8.0.sim";
};

class Device {
  public:
    Device(Scheduler& scheduler, MeshNode& node, DeviceOptions options);

    void connected();  // a host opened the line; one before it is gone
    void disconnected();
    void from_host(std::string_view bytes);
    std::string to_host();  // what waits for the host
    // The device asks to drop the connection: it reboots.
    bool rebooting() const { return rebooting_; }
    MeshNode& node() { return node_; }

  private:
    void handle(const std::string& payload);
    void configure(std::uint32_t nonce);
    void take(pb::MeshPacket packet);
    void say(const pb::FromRadio& message);
    void queue_status(std::uint32_t id, int result);
    void routing(std::uint32_t id, std::uint32_t error, std::uint32_t by);
    pb::NodeInfo own_info() const;

    Scheduler& scheduler_;
    MeshNode& node_;
    DeviceOptions options_;
    meshtastic::StreamParser parser_;
    bool open_ = false;
    bool configured_ = false;
    bool rebooting_ = false;
    std::string out_;
    std::deque<std::uint32_t> recent_;  // ids from this host
    BoxTime last_text_{};
    std::uint32_t reboots_ = 1;
};

}  // namespace waypost::simulator
