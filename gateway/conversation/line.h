// SPDX-License-Identifier: Apache-2.0
// One line that a radio said to the gateway, while it is carried out inside the writer's
// transaction: what all topics of the conversation share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/commands/catalogue.h"
#include "gateway/conversation/talk.h"
#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

// Answers fit one packet of the narrowest mesh in use.
inline constexpr std::size_t kAnswerBytes = 130;

// The answer begins with the words that a letter is kept: "7 kept", or "7 kept > bob".
struct LetterKept {
    int item = 0;
    std::string to{};  // empty: not named
};

struct Line {
    Ledger& ledger;
    const Message& message;
    const bool disk_has_room;  // for something new; an alarm goes in any case
    const bool doubted;        // in a person's name, by a radio that may be somebody else's
    std::string owner;         // whose items and contacts it speaks of
    const Catalogue* words;
    Talk talk;
    MessageId about = 0;  // the letter that the answer speaks of
    // Under the pinned key of this radio, or it has none: what a forged node number cannot do is
    // asked of it for what changes whose name is whose.
    bool proven = true;
    std::optional<LetterKept> receipt{};

    store::Tables& tables() const { return ledger.tables(); }
    const Box& box() const { return ledger.box(); }
    bool from_stranger() const { return owner.find(':') != std::string::npos; }
    std::string say(std::string_view key, Catalogue::Values values = {}) const {
        return words->say(key, values);
    }
    std::string no_item(int item) const {
        return say("unknown_item", {{"item", std::to_string(item)}});
    }
    // Why what he wrote was not taken: his quota, or as wording.h says it.
    std::string refusal(const Verdict& verdict) const;
    // The lines that fit one packet; a last one says how many did not.
    std::string fitting(const std::vector<std::string>& lines) const;
};

// Base of the topics: each carries out a few commands on the line and returns the answer. They are
// made for one command and hold nothing of their own.
class Topic {
  protected:
    explicit Topic(Line& line) : line_(line) {}
    store::Tables& tables() const { return line_.tables(); }
    const Box& box() const { return line_.box(); }
    std::string say(std::string_view key, Catalogue::Values values = {}) const {
        return line_.say(key, values);
    }
    Line& line_;
};

}  // namespace waypost
