// SPDX-License-Identifier: Apache-2.0
// How a person wants to be reached: his quiet hours.
#pragma once

#include "gateway/conversation/line.h"

namespace waypost {

class Preferences : Topic {
  public:
    explicit Preferences(Line& line) : Topic(line) {}

    // "quiet 22-6", "quiet off"; alone it shows.
    std::string quiet(const std::string& typed);

  private:
    std::string show_quiet() const;
};

}  // namespace waypost
