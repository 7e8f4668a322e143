// SPDX-License-Identifier: Apache-2.0
// A simulated Meshtastic device: a mesh node that speaks the host protocol as the recorded sessions
// of firmware 2.8.0 do. Bytes from the host in, bytes to the host out; no sockets. One thread.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/hosted_device.h"
#include "radio/simulator/mesh_node.h"

namespace waypost::simulator {

struct DeviceOptions {
    int region = 3;  // EU_868
    int preset = 0;  // LONG_FAST
    std::uint32_t hop_limit = 3;
    std::string firmware = "2.8.0.sim";
    milliseconds silence{900'000};  // a host on TCP that says nothing for so long is cut
};

class Device final : public HostedDevice {
  public:
    Device(Scheduler& scheduler, MeshNode& node, DeviceOptions options);

    // A host opened the line; one before it is gone. `serial`: the line stays over a reboot, and
    // the device says `rebooted`.
    void connected(bool serial = false) override;
    void disconnected() override;
    void from_host(std::string_view bytes) override;
    std::string to_host() override;
    // It reboots, or the host is silent or does not read.
    bool dropping() const override { return dropping_; }
    MeshNode& node() { return node_; }

  private:
    void handle(const std::string& payload);
    void heartbeat(std::uint32_t nonce);
    void configure(std::uint32_t nonce);
    void take(const pb::MeshPacket& packet);
    void take_admin(const pb::MeshPacket& packet);
    bool too_soon(std::uint32_t port);
    void reboot();
    void say(const std::string& payload);
    void say(const pb::FromRadio& message) { say(message.SerializeAsString()); }
    void queue_status(std::uint32_t id, std::uint32_t result);
    void routing(std::uint32_t id, std::uint32_t error);
    void notify(const std::string& text);
    void tell_metrics();
    pb::DeviceMetrics metrics() const;
    pb::NodeInfo own_info() const;
    void watch_host(std::uint64_t connection);

    Scheduler& scheduler_;
    MeshNode& node_;
    DeviceOptions options_;
    meshtastic::StreamParser parser_;
    bool open_ = false;
    bool serial_ = false;
    bool configured_ = false;
    bool dropping_ = false;
    bool fresh_boot_ = true;
    std::string out_;
    std::deque<std::uint32_t> recent_;             // ids from this host
    std::map<std::uint32_t, BoxTime> last_taken_;  // by port
    BoxTime last_heard_{};                         // from the host
    BoxTime last_announced_{};
    std::uint64_t connections_ = 0;
    std::uint32_t reboots_ = 1;
};

}  // namespace waypost::simulator
