// SPDX-License-Identifier: Apache-2.0
// Accounts elsewhere whose public posts people here follow. Each is a group of this box that bears
// its name ("bob@social.example"), in which it alone posts; who follows it is a member, and gets
// its posts as those of any group: within the share of airtime, the rest as a digest. The network
// sees only that the village follows (PeopleView::feeds). In the writer's transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/groups/members.h"

namespace waypost {

inline constexpr char kFeedScheme[] = "acct";  // RFC 7565

bool is_feed(const std::string& group);
// The account that a feed's name says; empty: it is no feed's.
Address account_of_feed(const std::string& group);
// "@bob@social.example", "bob@social.example" as a feed's name; empty: it is no account elsewhere
// that any network of the box can follow.
std::string feed_name(const Box& box, const std::string& typed);
// The feed that this person follows and means by "bob"; empty: none, or several.
std::string feed_like(Ledger& ledger, const Address& who, const std::string& typed);

// Follows: the first one opens it. nullopt: the box follows as many as it may.
std::optional<Joined> follow(Ledger& ledger, const std::string& feed, const Address& who,
                             bool digest);
// The last one to leave ends it. False: he did not follow.
bool unfollow(Ledger& ledger, const std::string& feed, const Address& who);

// Who follows the one follows the other in its place, as he did, with what waits for his digest.
// Who they are; the first feed is no more.
std::vector<Address> move_feed(Ledger& ledger, const std::string& from, const std::string& to);

}  // namespace waypost
