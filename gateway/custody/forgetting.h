// SPDX-License-Identifier: Apache-2.0
// A person wants to be forgotten. What is his alone goes at once; what he sent stays with whom he
// sent it to; that it was, stays in the traces, without names. In the writer's transaction.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

struct Forgot {
    std::size_t texts = 0;      // of messages that were only his
    std::size_t cancelled = 0;  // of his that waited to leave
    std::size_t contacts = 0;
    std::size_t items = 0;
    std::size_t radios = 0;      // that have no name any more
    std::size_t neighbours = 0;  // that are told to forget him too
    bool mailbox = false;        // its account; the mails in it are the mail server's
};

// Also his codes, what is asked for in his name, talks and quotas. What is being sent just now is
// not tried again, and its text goes with retention.
Forgot forget_person(Ledger& ledger, const std::string& handle);

// What is on record beside a message whose text was forgotten just now: names, numbers, what was
// asked of it. The trace stays.
void forget_rest(store::Tables& tables, MessageId id);

// Radios without a name that were not heard for 60 days and have no message on record; and of more
// than 5000 of them the longest unheard. At most `most` at once; how many.
inline constexpr int kMostStrangers = 5000;
std::size_t forget_strangers(Ledger& ledger, int most);

// Whoever was forgotten and is here again by an older backup. At the start.
void forget_again(Ledger& ledger);

}  // namespace waypost
