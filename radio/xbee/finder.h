// SPDX-License-Identifier: Apache-2.0
// Brings a module in whatever state, at whatever serial speed, into an API mode. No I/O, no clock.
#pragma once

#include <optional>
#include <string>

#include "radio/xbee/api_framing.h"
#include "radio/xbee/command_mode.h"

namespace waypost::xbee {

class Finder {
  public:
    struct Step {
        std::optional<int> baud;  // first set the line to it
        std::string write;
    };

    // `wanted`: for a module found in command mode.
    void start(ApiMode wanted, BoxTime now);
    Step received(std::string_view bytes, BoxTime now);
    Step tick(BoxTime now);
    BoxTime next_tick() const;

    const std::optional<ApiMode>& found() const { return found_; }
    bool failed() const { return failed_; }            // at none of the speeds
    std::optional<int> baud() const { return baud_; }  // nullopt: the line's own

  private:
    void call(BoxTime now);
    Step after_command_mode(BoxTime now);
    Step probe(BoxTime now);
    Step next_baud(BoxTime now);
    void look_for_answer(const std::vector<std::string>& bodies);

    ApiMode wanted_ = ApiMode::Escaped;
    CommandMode command_mode_;
    Deframer plain_{ApiMode::Plain};
    int probes_ = 0;
    BoxTime probe_deadline_ = BoxTime::max();
    std::size_t bauds_tried_ = 0;
    std::optional<int> baud_;
    std::optional<ApiMode> found_;
    bool failed_ = false;
};

}  // namespace waypost::xbee
