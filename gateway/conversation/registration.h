// SPDX-License-Identifier: Apache-2.0
// What a person settles about himself: a name, his language, stop and start, to be forgotten.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"

namespace waypost {

class Registration : Topic {
  public:
    explicit Registration(Line& line) : Topic(line) {}

    std::string verb(const command::Verb& c);
    // What was asked to be confirmed by 1: "name ana", "stop", "forget".
    std::string confirmed(const std::string& what);

  private:
    std::string ask_name(const std::string& typed);
    std::string take_name(const std::string& handle);
    std::string speak(const std::string& language);
    std::string set_paused(bool paused);
    std::string forget();
};

}  // namespace waypost
