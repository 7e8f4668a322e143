// SPDX-License-Identifier: Apache-2.0
// The simulated mesh beside a test: what `waypost simulate --json` runs, on a thread of its own.
// The first node is the box's radio, on TCP; the others are handhelds that the test types on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "radio/simulator/village.h"
#include "tests/interop/mesh/simulation_thread.h"

namespace waypost::interop {

struct OnScreen {
    std::string who;  // whose handheld
    std::string text;
    std::uint32_t packet_id = 0;
};

// The box's radio and these handhelds, !0000000a and on, as fast as a mesh can be: its virtual
// seconds are a thirtieth of ours.
simulator::Village fast_village(const std::vector<std::string>& handhelds);

class MeshPeer {
  public:
    // The port of the first node is "tcp:127.0.0.1:0". Throws if the village does not open.
    explicit MeshPeer(simulator::Village village);

    // As `meshtastic.NAME.port` of the box takes it.
    const std::string& port() const { return port_; }
    void type(const std::string& who, const std::string& text) { order(who + ": " + text); }
    // As "ana off"; console.h of the simulator has them all.
    void order(const std::string& what) { simulation_.type(what); }
    // What screens showed since the last call. Does not wait.
    std::vector<OnScreen> look();

  private:
    bool opened();

    SimulationThread simulation_;
    std::string port_;
};

}  // namespace waypost::interop
