// SPDX-License-Identifier: Apache-2.0
// Simulated RN2483 on one lossy air, each at a pseudo terminal, in real time.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/random.h"
#include "radio/simulator/frame_air.h"
#include "radio/simulator/lora_modem/device_pty.h"

namespace waypost::interop {

class ModemWorld {
  public:
    explicit ModemWorld(double loss, int stations = 2);
    ~ModemWorld();

    const std::string& port(std::size_t station) const { return ports_.at(station); }
    double seconds_on_air() const;

  private:
    void run();

    std::unique_ptr<Random> random_ = seeded_random(11);
    mutable std::mutex mutex_;  // of all below
    simulator::FrameAir air_;
    std::vector<std::unique_ptr<simulator::ModemDevice>> devices_;
    std::vector<std::unique_ptr<simulator::DevicePty>> ptys_;
    std::vector<std::string> ports_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace waypost::interop
