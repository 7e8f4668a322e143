// SPDX-License-Identifier: Apache-2.0
// What becomes of a post: with a moderator, then with every member, each by a delivery of his own.
// A large group is served in batches, each a transaction with the place that it has come to. All
// in the writer's transaction.
#pragma once

#include <string>

#include "gateway/groups/standing.h"

namespace waypost {

// The message `row` is on record; it is a post of `group` from now on.
void open_post(Ledger& ledger, const store::GroupRow& group, const Standing& standing,
               const Message& message, const store::MessageRow& row);

// A moderator's word, or the operator's. False: it waits for none any more.
bool decide_post(Ledger& ledger, store::PostRow& post, bool passes, const std::string& who);

// Goes on with a post that is not with all members yet, if there is one.
void pass_on_posts(Ledger& ledger);

// A line of the gateway's own about this group, behind everything else for this person.
void tell_of_group(Ledger& ledger, const std::string& group, const std::string& handle,
                   const Address& endpoint, std::string text);

}  // namespace waypost
