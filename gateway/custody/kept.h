// SPDX-License-Identifier: Apache-2.0
// Room for the originals of messages, which is where attachments are: each person has a quota of
// bytes. A text is always taken. For a new original the attachments of the oldest messages go that
// have ended, then those that wait, unasked, for consent; where that is not enough, its own are not
// kept. Only what is larger than the whole quota is refused, and only what has to be passed on
// whole is told to come again later. In the writer's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/custody/ledger.h"
#include "gateway/transport.h"

namespace waypost {

// A person who has the original of a message: its recipient here, or its sender where it leaves.
struct Keeper {
    std::string owner;  // empty: nobody of ours
    bool asked = true;  // no consent is wanting
};

// Before anything is stored: why the message cannot be taken for this person. `network`: on which
// it will be delivered; the one that it came from needs the original.
std::optional<Verdict> no_room(Ledger& ledger, const std::string& owner, const Message& message,
                               const std::string& network);

// After its deliveries are stored: counts the original, makes room, or drops it.
void keep_original(Ledger& ledger, MessageId id, const Message& message,
                   const std::vector<Keeper>& keepers);

}  // namespace waypost
