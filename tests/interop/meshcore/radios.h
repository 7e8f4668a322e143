// SPDX-License-Identifier: Apache-2.0
// Simulated MeshCore radios beside a test, on a thread of their own. The first is the box's, on
// TCP; the others are in people's hands, repeaters or rooms.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "radio/meshcore/simulator/village.h"

namespace waypost::interop {

struct Seen {
    std::string who, what, text, from;  // as village.h says
};

// "post" and these handhelds, fast: their virtual seconds are a twentieth of ours.
meshcore::VillageOfRadios fast_radios(const std::vector<std::string>& handhelds);

class Radios {
  public:
    explicit Radios(meshcore::VillageOfRadios village);  // throws if it does not open
    ~Radios();
    Radios(const Radios&) = delete;
    Radios& operator=(const Radios&) = delete;

    const std::string& port() const { return port_; }
    // The section of the box's radio; `more` follows.
    std::string settings(const std::string& more = {}) const;
    std::string address(const std::string& name) const;  // "meshcore:!a1b2c3d4e5f6"
    void order(const std::string& line);
    void type(const std::string& who, const std::string& text) { order(who + ": " + text); }
    // It has happened, now or within half a minute; `text` is all of it, or its begin.
    bool shows(const std::string& who, const std::string& text, const std::string& what = "sees");
    bool shows_some(const std::string& who, const std::string& begin,
                    const std::string& what = "sees");
    int count(const std::string& who, const std::string& text, const std::string& what = "sees");
    int begins(const std::string& who, const std::string& begin, const std::string& what = "sees");
    std::string seen();  // for messages of failed tests

  private:
    std::string next_line();
    void look();
    void stop();

    int typed_ = -1;
    int printed_ = -1;
    std::string buffer_;
    std::string port_;
    std::vector<Seen> all_;
    std::thread thread_;
};

}  // namespace waypost::interop
