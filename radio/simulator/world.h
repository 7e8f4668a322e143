// SPDX-License-Identifier: Apache-2.0
// A whole simulated village without I/O: the channel, its nodes, their devices and handhelds. Time
// is virtual: run_for() for tests and long simulations, scheduler().run_until() for a runner that
// follows the real clock. One thread. The same village, seed and calls give the same history.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "radio/simulator/device.h"
#include "radio/simulator/handheld.h"
#include "radio/simulator/village.h"

namespace waypost::simulator {

class World {
  public:
    explicit World(const Village& village);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void run_for(milliseconds time) { scheduler_.run_until(scheduler_.now() + time); }
    Scheduler& scheduler() { return scheduler_; }
    Air& air() { return air_; }

    // Null where nobody has that name, or is not of that kind.
    MeshNode* node(const std::string& name);
    Device* device(const std::string& name);
    Handheld* handheld(const std::string& name);
    Device* first_device();
    std::string name_of(std::uint32_t number) const;

    struct Inhabitant {
        VillageNode facts;
        std::unique_ptr<MeshNode> node;
        std::unique_ptr<Device> device;  // one of these two
        std::unique_ptr<Handheld> handheld;
    };
    std::vector<Inhabitant>& inhabitants() { return inhabitants_; }

  private:
    void add(const VillageNode& facts, const Village& village);
    void acquaint();
    void announce_often(MeshNode& node, milliseconds first, bool ask_back);
    Inhabitant* find(const std::string& name);

    Scheduler scheduler_;
    std::unique_ptr<Random> random_;
    Air air_;
    std::vector<Inhabitant> inhabitants_;
};

}  // namespace waypost::simulator
