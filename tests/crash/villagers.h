// SPDX-License-Identifier: Apache-2.0
// Persons with handhelds who do as persons do: one line at a time, and a line whose `kept` does not
// come is written again, with a mark of its own so that it can be told from a second copy.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {

class Villagers {
  public:
    // `to`: the address that all of them write to.
    Villagers(MeshPeer& mesh, const std::vector<std::string>& names, std::string to);

    // `line` is written as "who line.0", then "who line.1" and so on until a `kept` comes. Given
    // again, the marks go on.
    void give(const std::string& who, int line);
    static std::string writing(const std::string& who, int line, const std::string& mark);
    // Reads all screens and types what is due.
    void step();

    bool waiting() const;  // for a `kept`
    const std::set<int>& kept(const std::string& who) const { return at(who).kept; }
    std::string receipts(const std::string& who) const;  // all that he was shown, for a failure
    int repeats() const { return repeats_; }
    // "who text" -> the packet ids under which it came on that screen, once for each time.
    const std::map<std::string, std::vector<std::uint32_t>>& screens() const { return screens_; }
    bool saw(const std::string& who, const std::string& text) const;

  private:
    using Steady = std::chrono::steady_clock;
    struct Villager {
        std::deque<int> lines;
        bool typed = false;  // the first of them
        Steady::time_point at;
        std::map<int, int> times;  // that a line was typed
        std::set<int> kept;        // the numbers of "7 kept"
    };
    const Villager& at(const std::string& who) const { return villagers_.at(who); }
    void read(const OnScreen& shown);
    void type(const std::string& who, Villager& villager);

    MeshPeer& mesh_;
    std::string to_;
    std::map<std::string, Villager> villagers_;
    std::map<std::string, std::vector<std::uint32_t>> screens_;
    int repeats_ = 0;
};

}  // namespace waypost::interop
