// SPDX-License-Identifier: Apache-2.0
// What a room says about itself. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bridges/xmpp/rooms/room.h"
#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

// XEP-0045 6.4: payload of the answer to disco#info.
Element room_info(const GroupView& group, std::size_t occupants);
// 6.6: a resident's name in the room is his before he comes. Payload for node x-roomuser-item.
Element reserved_nick(const std::string& handle);
Element room_card(const GroupView& group);  // vcard-temp

// 9.5, 10.6 and the like: those of one affiliation or role, for moderators. `role`: of sessions
// only.
struct Listed {
    std::string affiliation, role, jid, nick;  // empty: not said
};
Element member_list(const std::vector<Listed>& all);
std::vector<Listed> listed_members(const GroupView& group, const std::vector<GroupMember>& members,
                                   std::string_view affiliation, std::string_view component);
std::vector<Listed> listed_sessions(const Room& room, std::string_view role);

}  // namespace waypost::xmpp
