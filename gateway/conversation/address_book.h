// SPDX-License-Identifier: Apache-2.0
// The address book of one person, and whom he takes mail from.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"

namespace waypost {

inline constexpr int kMostNicknames = 200;

class AddressBook : Topic {
  public:
    explicit AddressBook(Line& line) : Topic(line) {}

    std::string show();
    std::string more();  // the names behind those shown last
    std::string save(const command::SaveContact& c);
    // The sender of item `number`: Known takes his mail from now on, Blocked refuses it.
    std::string judge(int number, store::ContactState state);

  private:
    std::string page(const std::string& after);
};

}  // namespace waypost
