// SPDX-License-Identifier: Apache-2.0
// The device's end of a Meshtastic line on TCP, without a mesh behind it: shakes hands, then lets a
// bench say to the byte when a text comes in. What the host sends is forgotten, or taken and
// acknowledged at once as if the radio that it is for had heard it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace waypost::bench {

class FakeDevice {
  public:
    // `on_text`: called on a thread of the device with each text that the host hands it, and for
    // whom.
    using OnText = std::function<void(std::uint32_t to, std::string_view text)>;
    explicit FakeDevice(OnText on_text = {});
    ~FakeDevice();
    FakeDevice(const FakeDevice&) = delete;
    FakeDevice& operator=(const FakeDevice&) = delete;

    int port() const { return port_; }
    void wait_for_host() const;  // throws if none comes in 10 s
    // A direct message of `node`; the moment its last byte was handed to the line.
    std::chrono::steady_clock::time_point text(std::uint32_t node, const std::string& text);

  private:
    void serve();
    void take(const std::string& payload);
    void acknowledge(std::uint32_t id, std::uint32_t to);

    OnText on_text_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> host_{-1};
    std::atomic<bool> ready_{false};
    std::atomic<bool> stopping_{false};
    std::uint32_t next_id_ = 1;
    std::thread thread_;
};

}  // namespace waypost::bench
