// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/presences.h"

#include <sodium.h>

#include <array>

#include "bridges/xmpp/rooms/muc.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

Element item_of(const char* affiliation, const char* role) {
    Element item("item");
    item.set("affiliation", affiliation).set("role", role);
    return item;
}

Element muc_user(Element item, const std::vector<int>& statuses) {
    Element x("x", kMucUserSpace);
    x.add(std::move(item));
    for (const int code : statuses) x.add(Element("status").set("code", std::to_string(code)));
    return x;
}

void add_text(Element& presence, std::string_view name, const std::string& text) {
    if (!text.empty()) presence.add(Element(name).set_text(text));
}

}  // namespace

// They run the group on the console, not from their chat programs, so they are no owners here.
const char* affiliation_of(Standing standing) {
    return standing == Standing::Moderator ? "admin" : "member";
}

const char* role_of(Standing standing) {
    switch (standing) {
        case Standing::Moderator:
            return "moderator";
        case Standing::Member:
            return "participant";
        case Standing::Visitor:
            break;
    }
    return "visitor";
}

std::string Presences::room_jid(const std::string& room) const {
    return escape_local(room) + '@' + names_.component();
}

std::string Presences::nick_jid(const std::string& room, const std::string& nick) const {
    return room_jid(room) + '/' + nick;
}

std::string Presences::occupant_id(const std::string& room, const std::string& key) const {
    std::array<unsigned char, 16> hash{};
    const std::string what = room + '\n' + key;
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(what.data()), what.size(),
                       reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
    return to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Element Presences::base(const Room& room, const std::string& nick, const Session& viewer) const {
    Element presence("presence");
    presence.set("from", nick_jid(room.name, nick)).set("to", viewer.who.jid.text());
    return presence;
}

Element Presences::of_session(const Room& room, const Session& shown, const Session& viewer,
                              const std::vector<int>& statuses, bool here,
                              const std::string& new_nick) const {
    Element presence = base(room, shown.nick, viewer);
    if (!here) presence.set("type", "unavailable");
    if (here) {
        add_text(presence, "show", shown.show);
        add_text(presence, "status", shown.status);
    }
    const bool stays = here || !new_nick.empty();
    Element item =
        item_of(affiliation_of(shown.standing), stays ? role_of(shown.standing) : "none");
    const bool himself = key_of(shown.who) == key_of(viewer.who);
    if (himself || viewer.standing == Standing::Moderator) item.set("jid", shown.who.jid.text());
    if (!new_nick.empty()) item.set("nick", new_nick);
    std::vector<int> all = statuses;
    if (shown.who.jid == viewer.who.jid) all.push_back(kStatusSelf);
    presence.add(muc_user(std::move(item), all));
    presence.add(Element("occupant-id", kOccupantIdSpace)
                     .set("id", occupant_id(room.name, key_of(shown.who))));
    return presence;
}

Element Presences::of(const Room& room, const Session& shown, const Session& viewer,
                      const std::vector<int>& statuses) const {
    return of_session(room, shown, viewer, statuses, true, {});
}

Element Presences::of(const Room& room, const std::string& handle, const Absent& shown,
                      const Session& viewer) const {
    Element presence = base(room, handle, viewer);
    add_text(presence, "show", "xa");
    add_text(presence, "status",
             shown.by_radio ? "by radio" : "not in the room, but gets what is posted");
    presence.add(muc_user(item_of(affiliation_of(shown.standing), role_of(shown.standing)), {}));
    presence.add(Element("occupant-id", kOccupantIdSpace)
                     .set("id", occupant_id(room.name, "person:" + handle)));
    return presence;
}

Element Presences::gone(const Room& room, const Session& shown, const Session& viewer,
                        const std::vector<int>& statuses, const std::string& new_nick) const {
    return of_session(room, shown, viewer, statuses, false, new_nick);
}

Element Presences::gone(const Room& room, const std::string& handle, const Session& viewer) const {
    return base(room, handle, viewer)
        .set("type", "unavailable")
        .add(muc_user(item_of("none", "none"), {}));
}

Element Presences::destroyed(const Room& room, const Session& viewer,
                             const std::string& why) const {
    Element presence = base(room, viewer.nick, viewer);
    presence.set("type", "unavailable");
    Element x = muc_user(item_of("none", "none"), {kStatusSelf});
    x.add(Element("destroy").add(Element("reason").set_text(why)));
    presence.add(std::move(x));
    return presence;
}

}  // namespace waypost::xmpp
