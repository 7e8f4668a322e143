// SPDX-License-Identifier: Apache-2.0
// Posts that all the world may read. Who writes one for the first time is asked whether that is
// what he means; it is remembered. They go to public@ the box's domain, by the network that has
// readers (routing/router.h).
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"

namespace waypost {

class Publishing : Topic {
  public:
    explicit Publishing(Line& line) : Topic(line) {}

    std::string post(const command::PublicPost& c);
    static bool asks(const std::string& confirm);
    std::string confirmed();

  private:
    std::string publish(const std::string& text);
};

}  // namespace waypost
