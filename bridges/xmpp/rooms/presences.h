// SPDX-License-Identifier: Apache-2.0
// How a room shows who is in it: presence stanzas of XEP-0045 section 7. Pure. Rooms are
// semi-anonymous: the JID behind a nick is shown to moderators and to himself.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "bridges/xmpp/names.h"
#include "bridges/xmpp/rooms/room.h"
#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

class Presences {
  public:
    // `key`: what makes occupant ids (XEP-0421) this box's own; 16 bytes or more.
    Presences(const Names& names, std::string key) : names_(names), key_(std::move(key)) {}

    std::string room_jid(const std::string& room) const;
    std::string nick_jid(const std::string& room, const std::string& nick) const;
    // The same for one person's posts and presence in one room, by chat or radio, and nothing that
    // leads to his address. `key` is that of key_of.
    std::string occupant_id(const std::string& room, const std::string& key) const;

    // Of `shown`, to `viewer`, who may be himself. Without `to` and of no type: so it stands for a
    // joined one.
    Element of(const Room& room, const Session& shown, const Session& viewer,
               const std::vector<int>& statuses = {}) const;
    // The same for a member whom radio or mail reaches.
    Element of(const Room& room, const std::string& handle, const Absent& shown,
               const Session& viewer) const;
    // He goes: `new_nick` where only the name does.
    Element gone(const Room& room, const Session& shown, const Session& viewer,
                 const std::vector<int>& statuses, const std::string& new_nick = {}) const;
    Element gone(const Room& room, const std::string& handle, const Session& viewer) const;
    // The room itself goes (section 10.9).
    Element destroyed(const Room& room, const Session& viewer, const std::string& why) const;

  private:
    Element of_session(const Room& room, const Session& shown, const Session& viewer,
                       const std::vector<int>& statuses, bool here,
                       const std::string& new_nick) const;
    Element base(const Room& room, const std::string& nick, const Session& viewer) const;

    const Names& names_;
    const std::string key_;
};

const char* affiliation_of(Standing standing);
const char* role_of(Standing standing);

}  // namespace waypost::xmpp
