// SPDX-License-Identifier: Apache-2.0
// Who is in a room (XEP-0045), and as what. Values only: no I/O, no stanzas; one thread at a time.
// Under one nick stands one person: with the sessions of his programs, or without any where he is
// a member whom radio or mail reaches.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridges/xmpp/asker.h"

namespace waypost::xmpp {

// Whose presence and posts are one: all accounts of a person of this box have the same.
std::string key_of(const Asker& asker);

enum class Standing { Visitor, Member, Moderator };  // Visitor: may read, of a closed group

struct Session {
    Asker who;
    std::string nick;
    Standing standing = Standing::Member;
    std::string show, status;  // of his presence
    std::string salt;          // of this stay; see post_id
};

// A member without a session, as he is shown.
struct Absent {
    bool by_radio = false;
    Standing standing = Standing::Member;

    friend bool operator==(const Absent&, const Absent&) = default;
};

struct Room {
    explicit Room(std::string its_name) : name(std::move(its_name)) {}

    Session* find(const Jid& full);
    // Any session under this nick; nullptr: nobody's.
    const Session* under(const std::string& nick) const;
    std::size_t sessions_of(const std::string& key) const;
    // One session for each nick, by nick.
    std::vector<const Session*> occupants() const;

    std::string name;
    std::map<Jid, Session> sessions;       // by full JID
    std::map<std::string, Absent> absent;  // by handle, only while there are sessions
    std::int64_t looked_at_ms = 0;         // box time at which the members were last read
};

// Persons of this box among the members that have no session, the first `most` by handle.
std::map<std::string, Absent> absent_members(const Room& room, const GroupView& group,
                                             const std::vector<GroupMember>& members,
                                             const PeopleView& people, std::size_t most);

// nullptr: he is none.
const GroupMember* member_of(const std::vector<GroupMember>& members, const Asker& who);
Standing standing_in(const GroupView& group, const GroupMember* member);

}  // namespace waypost::xmpp
