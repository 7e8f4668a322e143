// SPDX-License-Identifier: Apache-2.0
// Rows of groups as values. A member is who may get its posts: person:ana, or mailto:bob@x.org of
// somebody outside. Where a group is an owner (of a quota, of a delivery) it is called "#news".
#pragma once

#include <cstdint>
#include <string>

#include "gateway/store/records.h"

namespace waypost::store {

enum class GroupMode { Open = 0, Moderated = 1, Closed = 2 };  // Closed: only moderators post
enum class Posters { Members = 0, Anyone = 1 };

struct GroupRow {
    std::string name;  // of the shape of a handle: "news"
    std::string title;
    GroupMode mode = GroupMode::Open;
    Posters posters = Posters::Members;
    Ms created_ms = 0;
};

struct MemberRow {
    std::string group;
    Address address;
    bool moderator = false;
    bool digest = false;     // his radio gets digests only
    int failures = 0;        // of mails to him for good, not long ago
    Ms failed_ms = 0;        // the last of them
    Ms digested_box_ms = 0;  // when his radio got the last digest of this group
    Ms since_ms = 0;
};

enum class PostState { Waiting = 0, Passing = 1, Passed = 2, Dropped = 3 };

// A message as a post of a group.
struct PostRow {
    MessageId message = 0;
    std::string group;
    Address author;      // person:ana, or as the mail names him
    std::string origin;  // its Message-ID, by which it is known if it comes back
    std::string lists;   // addresses of the lists that it has passed before, space between
    PostState state = PostState::Waiting;
    std::string cursor;  // while Passing: the member served last
    Ms at_ms = 0;
};

// What one member's radio has not been told yet of one group.
struct DigestRow {
    std::string group;
    Address member;
    Ms since_box_ms = 0;  // the oldest
    std::int64_t count = 0;
};

}  // namespace waypost::store
