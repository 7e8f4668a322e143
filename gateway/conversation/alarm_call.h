// SPDX-License-Identifier: Apache-2.0
// SOS as its caller says it: the people the operator named are told at once, past every hold and
// limit, and he learns how many. Nobody calls the police; the answer says so.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"
#include "gateway/custody/alarm.h"

namespace waypost {

class AlarmCall : Topic {
  public:
    explicit AlarmCall(Line& line) : Topic(line) {}

    std::string called(const command::Alarm& c);
    // `text` may be empty: then the line itself is what responders read.
    std::string now(const std::string& text);
    // "SOS? 1 = now, 0 = no"
    std::string answer_question(bool now);
    bool question_stands() const;

  private:
    Cry cry(const std::string& text) const;
    std::string answer_to(const Alarms::Taken& taken);
    std::string ask();
    std::string all_clear();
    std::string caller() const;
    std::size_t responders() const;
};

}  // namespace waypost
