// SPDX-License-Identifier: Apache-2.0
// Lines that send: to addresses, nicknames and handles, as an answer, to the open talk, or a draft
// that finds its recipient.
#pragma once

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"

namespace waypost {

class Writing : Topic {
  public:
    explicit Writing(Line& line) : Topic(line) {}

    std::string write(const command::Write& c);
    // `told`: what the receipt calls it.
    std::string send_to(const Address& to, const std::string& text, const std::string& told) {
        return send({to}, {}, text, 0, told);
    }
    std::string answer(const command::Answer& c);
    std::string open_talk(const command::OpenTalk& c);
    std::string say_on(const command::Say& c);
    // The people offered for the draft; they are numbered from `first_number`.
    std::string choose(int number, const std::vector<std::string>& choices, int first_number);
    // A nickname of his own, a person of this village, "handle.box", or an address URI; else empty,
    // and `problem` is the answer.
    Address recipient(const std::string& typed, std::string& problem);

  private:
    std::string send(const std::vector<Address>& to, const std::string& subject,
                     const std::string& text, MessageId answers, const std::string& told);
    std::string air_is_short(const std::vector<Route>& routes) const;
    std::string draft(const std::string& text, bool distress);
    std::string offer_recipients(std::size_t first_number);
    std::string send_draft_to(const Address& who);
};

}  // namespace waypost
