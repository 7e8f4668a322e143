// SPDX-License-Identifier: Apache-2.0
// One command after the other, each with its answer: how a modem of text lines is set up. A line
// that is no answer (late, twice, noise) is passed over; a command that is refused or not answered
// is given again, three times in all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"

namespace waypost::lora_modem {

enum class Verdict { Answered, NotMine, Refused };

struct Question {
    std::string command;  // without its line end
    std::function<Verdict(std::string_view line)> judge;
};

class Dialogue {
  public:
    enum class State { Idle, Asking, Done, Refused, Silent };

    // Each returns what is to be written now.
    std::string begin(std::vector<Question> questions, BoxTime now);
    std::string take(std::string_view line, BoxTime now);
    std::string tick(BoxTime now);
    void stop() { state_ = State::Idle; }

    State state() const { return state_; }
    BoxTime due() const { return due_; }  // while Asking
    // Refused or Silent: a sentence that names the command.
    std::string problem() const;

  private:
    std::string ask(BoxTime now);
    std::string ask_again(BoxTime now, State else_state);

    std::vector<Question> questions_;
    std::size_t at_ = 0;
    int tries_ = 0;
    State state_ = State::Idle;
    BoxTime due_{};
    std::string refusal_;
};

}  // namespace waypost::lora_modem
