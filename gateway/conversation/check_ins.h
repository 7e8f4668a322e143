// SPDX-License-Identifier: Apache-2.0
// "check 12h @mama @ben": who is told if nothing is heard of him for so long.
#pragma once

#include "gateway/conversation/line.h"

namespace waypost {

class CheckIns : Topic {
  public:
    explicit CheckIns(Line& line) : Topic(line) {}

    // Behind the verb: nothing, "off", or a time and perhaps names.
    std::string verb(const std::string& argument);

  private:
    std::string show();
    std::string set(const std::string& argument);
};

}  // namespace waypost
