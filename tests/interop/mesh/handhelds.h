// SPDX-License-Identifier: Apache-2.0
// The mesh of a village, and what its screens showed so far.
#pragma once

#include <string>
#include <vector>

#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {

class Handhelds {
  public:
    // As fast_village has them: !0000000a and on.
    explicit Handhelds(const std::vector<std::string>& names) : mesh_(fast_village(names)) {}

    // The section of the box's radio.
    std::string settings() const {
        return "[meshtastic.roof]\nport = \"" + mesh_.port() + "\"\ngap = \"270ms\"\n";
    }
    void type(const std::string& who, const std::string& text) { mesh_.type(who, text); }
    void off(const std::string& who) { mesh_.order(who + " off"); }
    void on(const std::string& who) { mesh_.order(who + " on"); }
    // The whole text is on that screen, now or within half a minute.
    bool shows(const std::string& who, const std::string& text);
    // ... some text that begins so and ends so.
    bool shows_some(const std::string& who, const std::string& begin, const std::string& end = {});
    std::vector<std::string> screen(const std::string& who);
    std::string seen();  // for messages of failed tests

  private:
    void look();
    MeshPeer mesh_;
    std::vector<OnScreen> shown_;
};

}  // namespace waypost::interop
