// SPDX-License-Identifier: Apache-2.0
// What a simulated village is held to: airtime in every sliding hour, and what handhelds show.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "radio/simulator/world.h"

namespace waypost::month {

// The most that was spent in any sliding hour.
class SlidingHour {
  public:
    void spend(BoxTime now, milliseconds airtime);
    milliseconds most() const { return most_; }

  private:
    std::deque<std::pair<BoxTime, milliseconds>> spent_;
    milliseconds sum_{0};
    milliseconds most_{0};
};

// Listens on the air to the device of the gateway, and looks at every screen.
class Observer {
  public:
    Observer(simulator::World& world, const std::string& device);

    void handed_to_device(std::uint32_t packet_id) { handed_.insert(packet_id); }
    const SlidingHour& device() const { return device_; }  // with acks, and what it repeats
    const SlidingHour& own() const { return own_; }        // what the gateway handed to it

    // Texts carry marks such as "[m17]". How often a text with this mark was shown to `name`.
    int times_shown(const std::string& name, const std::string& mark) const;
    std::size_t lines() const { return lines_; }
    std::size_t longest_line() const { return longest_; }

    std::function<void(const std::string& name, const std::string& text)> on_line;

  private:
    void line(const std::string& name, const std::string& text);

    simulator::World& world_;
    SlidingHour device_;
    SlidingHour own_;
    std::set<std::uint32_t> handed_;
    milliseconds used_{0};
    std::size_t lines_ = 0;
    std::size_t longest_ = 0;
    std::map<std::pair<std::string, std::string>, int> marks_;  // name and mark
};

}  // namespace waypost::month
