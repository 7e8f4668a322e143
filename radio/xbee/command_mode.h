// SPDX-License-Identifier: Apache-2.0
// Talks to a module in command mode (Digi user guides, "Command mode"): silence, "+++", silence,
// OK; lines, each answered; the last line is CN. A module that somebody left in command mode does
// not heed "+++", but a line. No I/O, no clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"

namespace waypost::xbee {

// A module is called at these, after the line's own.
inline constexpr int kBauds[] = {115200, 57600, 38400, 19200, 9600};

class CommandMode {
  public:
    enum class State { Idle, Silence, Called, CalledByLine, Asking, Done, NoAnswer };

    // `lines` as "ATAP2", without an end. Restarts from anywhere.
    void start(std::vector<std::string> lines, BoxTime now);
    // What to write.
    std::string received(std::string_view bytes, BoxTime now);
    std::string tick(BoxTime now);
    BoxTime next_tick() const { return deadline_; }

    State state() const { return state_; }
    bool busy() const { return state_ != State::Idle && state_ < State::Done; }
    // One per line, "OK", "ERROR" or a value.
    const std::vector<std::string>& answers() const { return answers_; }

  private:
    std::string next_line(BoxTime now);

    State state_ = State::Idle;
    std::vector<std::string> lines_;
    std::vector<std::string> answers_;
    std::string text_;  // since the last answer; bounded
    BoxTime deadline_ = BoxTime::max();
};

}  // namespace waypost::xbee
