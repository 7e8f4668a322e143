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
    // "post text", where no talk is open. Who had one lately may mean its other end: he is asked,
    // though he has agreed before.
    std::string post_by_word(const std::string& text);
    bool may_post() const;
    // "#+public", "#+public listed", "#-public": what he wants to be in the fediverse.
    std::string profile(const command::Group& c);
    static bool asks(const std::string& confirm);
    std::string confirmed();

  private:
    std::string why_not() const;
    std::string ask(const std::string& text);
    std::string publish(const std::string& text);
};

}  // namespace waypost
