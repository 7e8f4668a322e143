// SPDX-License-Identifier: Apache-2.0
// SOS in its simplest form: the people the operator named are told at once, past every hold and
// limit, and the sender learns how many. Nobody calls the police; the answer says so.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"
#include "gateway/custody/intake.h"

namespace waypost {

class AlarmCall : Topic {
  public:
    explicit AlarmCall(Line& line) : Topic(line) {}

    std::string called(const command::Alarm& c);
    std::string now(const std::string& text);
    // "SOS? 1 = now, 0 = no"
    std::string answer_question(bool now);
    bool open() const;

  private:
    std::string raise(const std::string& text, bool at_once);
    std::string told(std::size_t count) const;
    std::string all_clear();
    std::string more(const std::string& text);
    bool end_question(State state, const std::string& why);
    Letter to_responders(const std::string& text) const;
    std::string caller() const;
    std::vector<std::string> responders() const;
};

}  // namespace waypost
