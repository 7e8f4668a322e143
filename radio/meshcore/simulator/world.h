// SPDX-License-Identifier: Apache-2.0
// A village's radios and what people do with them. No I/O; virtual time, one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "radio/meshcore/simulator/companion_device.h"
#include "radio/meshcore/simulator/handheld.h"
#include "radio/meshcore/simulator/room_server.h"
#include "radio/meshcore/simulator/village.h"

namespace waypost::meshcore {

struct Happening {
    std::string who, what, text, from;
};

class World {
  public:
    World(const VillageOfRadios& village, std::function<void(const Happening&)> tell);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Scheduler& scheduler() { return scheduler_; }
    // Of a companion; null: it is none, or nobody is called so.
    CompanionDevice* device(const std::string& name);
    Node& node(const std::string& name) { return *inhabitants_.at(name).node; }
    RoomServer& room(const std::string& name) { return *inhabitants_.at(name).room; }
    Handheld& handheld(const std::string& name) { return *inhabitants_.at(name).handheld; }
    // Does what one line says. False: quit.
    bool line(const std::string& typed);
    void tell_of_packets() { packets_ = true; }

  private:
    struct Inhabitant {
        int station = 0;
        std::unique_ptr<Node> node;
        std::unique_ptr<CompanionDevice> device;
        std::unique_ptr<Handheld> handheld;
        std::unique_ptr<RoomServer> room;
    };
    void settle(const VillageRadio& radio, const VillageOfRadios& village);
    void watch(const std::string& name, Inhabitant& one);
    void say(const std::string& name, const std::string& to, const std::string& text);
    bool order(const std::string& name, const std::string& verb, const std::string& rest);
    std::string name_of(std::string_view key) const;
    void error(const std::string& text) { tell_({"village", "error", text, {}}); }

    std::function<void(const Happening&)> tell_;
    std::unique_ptr<Random> random_;
    Scheduler scheduler_;
    FrameAir air_;
    std::map<std::string, Inhabitant> inhabitants_;
    std::string first_companion_;
    bool packets_ = false;
};

}  // namespace waypost::meshcore
