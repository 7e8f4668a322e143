// SPDX-License-Identifier: Apache-2.0
// Who may post where. Pure but for what it reads from the tables, in the writer's transaction.
#pragma once

#include <optional>
#include <string>

#include "gateway/custody/intake.h"

namespace waypost {

// Who wants to post, as the group knows him.
struct Standing {
    Address author;        // person:ana, mailto:bob@x.org; empty: a radio without a name
    bool vouched = false;  // he is who it says: ours, or the network answers for him
    std::optional<store::MemberRow> member;
};

// A list of another gateway is a member by its own address, whoever wrote what it sends.
Standing standing_of(Ledger& ledger, const store::GroupRow& group, const Letter& letter);

enum class Passage { Passes, Waits, Refused };  // Waits: for a moderator
Passage passage(const store::GroupRow& group, const Standing& standing);

// It has been in this group before, or is a program's own: its address or List-Id is in what the
// mail says of its way (RFC 2919), or it is automatic and no list's (RFC 3834).
bool goes_round(const Box& box, const store::GroupRow& group, const Message& message);
bool by_a_program(const Message& message);

Address list_address(const Box& box, const std::string& group);  // news@hill.example
std::string list_id(const Box& box, const std::string& group);   // news.hill.example

}  // namespace waypost
