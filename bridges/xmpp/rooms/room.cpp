// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/room.h"

#include <algorithm>
#include <set>

namespace waypost::xmpp {

std::string key_of(const Asker& asker) {
    return asker.resident() ? "person:" + asker.handle : asker.address().uri();
}

Session* Room::find(const Jid& full) {
    const auto found = sessions.find(full);
    return found == sessions.end() ? nullptr : &found->second;
}

const Session* Room::under(const std::string& nick) const {
    for (const auto& [jid, session] : sessions) {
        if (session.nick == nick) return &session;
    }
    return nullptr;
}

std::size_t Room::sessions_of(const std::string& key) const {
    return static_cast<std::size_t>(
        std::count_if(sessions.begin(), sessions.end(),
                      [&](const auto& each) { return key_of(each.second.who) == key; }));
}

std::vector<const Session*> Room::occupants() const {
    std::map<std::string, const Session*> by_nick;
    for (const auto& [jid, session] : sessions) by_nick.emplace(session.nick, &session);
    std::vector<const Session*> all;
    for (const auto& [nick, session] : by_nick) all.push_back(session);
    return all;
}

std::map<std::string, Absent> absent_members(const Room& room, const GroupView& group,
                                             const std::vector<GroupMember>& members,
                                             const PeopleView& people, std::size_t most) {
    std::set<std::string> present;
    for (const auto& [jid, session] : room.sessions) present.insert(session.nick);
    std::map<std::string, Absent> all;
    for (const GroupMember& each : members) {
        if (present.size() + all.size() >= most) break;
        if (each.address.scheme != "person" || present.count(each.address.value) > 0) continue;
        const auto resident = people.resident(each.address.value);
        if (!resident) continue;
        all[resident->handle] = {resident->has_radio, standing_in(group, &each)};
    }
    return all;
}

const GroupMember* member_of(const std::vector<GroupMember>& members, const Asker& who) {
    const Address address = who.resident() ? person(who.handle) : who.address();
    const auto found = std::find_if(members.begin(), members.end(), [&](const GroupMember& each) {
        return each.address == address;
    });
    return found == members.end() ? nullptr : &*found;
}

Standing standing_in(const GroupView& group, const GroupMember* member) {
    if (member != nullptr && member->moderator) return Standing::Moderator;
    return group.closed ? Standing::Visitor : Standing::Member;
}

}  // namespace waypost::xmpp
