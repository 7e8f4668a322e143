// SPDX-License-Identifier: Apache-2.0
// Simulated MeshCore radios beside a test, on a thread of their own. The first is the box's, on
// TCP; the others are in people's hands, repeaters or rooms.
#pragma once

#include <string>
#include <vector>

#include "radio/meshcore/simulator/village.h"
#include "tests/interop/mesh/simulation_thread.h"

namespace waypost::interop {

struct Seen {
    std::string who, what, text, from;  // as village.h says
};

// "post" and these handhelds, fast: their virtual seconds are a twentieth of ours.
meshcore::VillageOfRadios fast_radios(const std::vector<std::string>& handhelds);

class Radios {
  public:
    explicit Radios(meshcore::VillageOfRadios village);  // throws if it does not open

    const std::string& port() const { return port_; }
    // The section of the box's radio; `more` follows.
    std::string settings(const std::string& more = {}) const;
    std::string address(const std::string& name) const;  // "meshcore:!a1b2c3d4e5f6"
    void order(const std::string& line) { simulation_.type(line); }
    void type(const std::string& who, const std::string& text) { order(who + ": " + text); }
    // It has happened, now or within half a minute; `text` is all of it, or its begin.
    bool shows(const std::string& who, const std::string& text, const std::string& what = "sees");
    bool shows_some(const std::string& who, const std::string& begin,
                    const std::string& what = "sees");
    int count(const std::string& who, const std::string& text, const std::string& what = "sees");
    int begins(const std::string& who, const std::string& begin, const std::string& what = "sees");
    std::string seen();  // for messages of failed tests

  private:
    void look();

    SimulationThread simulation_;
    std::string port_;
    std::vector<Seen> all_;
};

}  // namespace waypost::interop
