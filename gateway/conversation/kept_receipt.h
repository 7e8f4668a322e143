// SPDX-License-Identifier: Apache-2.0
// The receipt of a letter. Several of one radio that wait for the air are one packet, "7 8 9 kept":
// the one that waits says more, in the same transaction, and keeps its place, so nothing is said
// later than it would have been. Only what says the same otherwise is joined, and only before
// anything of it was tried.
#pragma once

#include <optional>
#include <string>

#include "gateway/conversation/line.h"

namespace waypost {

class KeptReceipt : Topic {
  public:
    // `line.receipt` is set and outlives it.
    explicit KeptReceipt(Line& line) : Topic(line) {}

    // "7 8 kept > bob", for "7 8".
    std::string words(const std::string& items) const;
    // Says `answer`, which begins with words() of its item, and what is owed of earlier letters.
    MessageId say(const std::string& answer);

  private:
    std::optional<MessageId> join(const std::string& rest);
    std::optional<store::DeliveryRow> waiting() const;
    std::string with_states(std::string text);
};

}  // namespace waypost
