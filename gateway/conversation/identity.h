// SPDX-License-Identifier: Apache-2.0
// Whose radio this is: a name for it, another radio of somebody who has one, one that is lost, and
// the word of those who decide what others ask for.
#pragma once

#include <optional>

#include "gateway/conversation/line.h"

namespace waypost {

class Identity : Topic {
  public:
    explicit Identity(Line& line) : Topic(line) {}

    std::string name(const std::string& typed);  // "ana", "ana 12345678"
    std::string code();
    std::string vouch(const std::string& typed);
    std::string lost();
    std::string found();
    // What was asked to be confirmed by 1: "name ana", "move ana", "vouch 17", "lost".
    std::string confirmed(const std::string& what);
    // Yes or no to item `number`, if it is something that he is asked.
    std::optional<std::string> decide(int number, bool yes);

  private:
    std::string ask_name(const std::string& typed);
    std::string name_by_code(const std::string& typed, const std::string& code);
    std::string take_name(const std::string& handle);
    std::string give_name(const std::string& handle, bool approved);
    std::string move_here(const std::string& handle);
    std::string vouch_for(MessageId matter);
    std::string suspend_others();
    std::string taken(const std::string& handle);
    // Why this radio takes no name at all; empty: it may.
    std::string why_not();
    bool is_villager() const;
    std::vector<Address> other_radios() const;
};

}  // namespace waypost
