// SPDX-License-Identifier: Apache-2.0
// What is said about an alarm by its number: a responder has it or closes it, its caller says more,
// either asks where it is.
#pragma once

#include <optional>

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"
#include "gateway/custody/alarm.h"

namespace waypost {

class AlarmAnswer : Topic {
  public:
    explicit AlarmAnswer(Line& line) : Topic(line) {}

    // The answer, if the command speaks of an alarm by its number; nullopt: it is another topic's.
    std::optional<std::string> about(const Command& typed);

    // What a 1 confirms: "close 7".
    static bool asks(const std::string& confirm);
    std::string confirmed(const std::string& confirm);

  private:
    struct Named {
        store::AlarmRow alarm;
        store::ItemRow item;
    };
    std::optional<Named> named(int number);
    bool responds(const Named& named) const;
    std::optional<std::string> answer(const Named& named, const command::Answer& c);
    std::optional<std::string> have_it(const Named& named, const std::string& words);
    std::string close(const Named& named);
    std::string where(const Named& named);
};

}  // namespace waypost
