// SPDX-License-Identifier: Apache-2.0
// What a person settles about himself: his language, stop and start, to be forgotten; whose radio
// it is, see identity.h.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"

namespace waypost {

class Registration : Topic {
  public:
    explicit Registration(Line& line) : Topic(line) {}

    std::string verb(const command::Verb& c);
    // What was asked to be confirmed by 1: "stop", "forget", or what identity.h says.
    std::string confirmed(const std::string& what);

  private:
    std::string speak(const std::string& language);
    std::string set_paused(bool paused);
    std::string forget();
};

}  // namespace waypost
