// SPDX-License-Identifier: Apache-2.0
// What is asked of a room, and of places in it.
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/room_info.h"
#include "bridges/xmpp/rooms/rooms.h"
#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kRegister = "jabber:iq:register";

StanzaError not_offered() { return {"cancel", "service-unavailable", {}}; }

StanzaError on_the_console() {
    return {"auth", "forbidden",
            "groups and their members are managed on the village's console, not by chat"};
}

const Element* payload_of(const Element& iq) {
    return iq.children().empty() ? nullptr : &iq.children().front();
}

}  // namespace

bool Rooms::iq(const Element& stanza) {
    const auto place = place_of(stanza);
    if (!place || !place->exists) return false;
    const std::string_view type = stanza.get("type");
    if (type == "error") drop_if_gone(stanza, *place);
    if (type != "get" && type != "set") return true;  // the answer to nothing that we asked
    const Element* payload = payload_of(stanza);
    if (payload == nullptr) {
        refuse(stanza, {"modify", "bad-request", "this asks for nothing"});
    } else if (!place->nick.empty()) {
        place_iq(stanza, *place, *payload);
    } else {
        room_iq(stanza, *place, *payload);
    }
    return true;
}

void Rooms::room_iq(const Element& stanza, const Place& place, const Element& payload) {
    const auto group = gate_.people.group(place.room);
    if (!group) return refuse(stanza, {"cancel", "item-not-found", {}});
    const std::string_view space = payload.space();
    const bool get = stanza.get("type") == "get";
    if (space == kMucAdminSpace) return administration(stanza, place, *group, payload);
    if (space == kMucOwnerSpace) return refuse(stanza, on_the_console());
    if (space == kRegister) return registering(stanza, place, payload);
    if (!get) return refuse(stanza, not_offered());
    if (space == kDiscoInfo) return answer_info(stanza, place, *group, payload.get("node"));
    if (space == kDiscoItems) return answer_items(stanza, place);
    if (space == space::kPing) return gate_.out.send(result_of(stanza));
    if (space == "vcard-temp") return gate_.out.send(result_of(stanza, room_card(*group)));
    refuse(stanza, not_offered());
}

void Rooms::answer_info(const Element& stanza, const Place& place, const GroupView& group,
                        std::string_view node) {
    if (node == "x-roomuser-item")
        return gate_.out.send(result_of(stanza, reserved_nick(place.who.handle)));
    if (!node.empty())
        return refuse(stanza, {"cancel", "item-not-found", "there is no such node here"});
    std::size_t occupants = 0;
    {
        const std::lock_guard lock(floor_->mutex);
        if (const Room* room = floor_->find(place.room))
            occupants = room->occupants().size() + room->absent.size();
    }
    gate_.out.send(result_of(stanza, room_info(group, occupants)));
}

// Only who is in is told who else is.
void Rooms::answer_items(const Element& stanza, const Place& place) {
    Element query("query", kDiscoItems);
    {
        const std::lock_guard lock(floor_->mutex);
        Room* room = floor_->find(place.room);
        if (room != nullptr && room->find(place.who.jid) != nullptr) {
            const auto add = [&](const std::string& nick) {
                query.add(Element("item")
                              .set("jid", floor_->presences.nick_jid(place.room, nick))
                              .set("name", nick));
            };
            for (const Session* each : room->occupants()) add(each->nick);
            for (const auto& [handle, absent] : room->absent) add(handle);
        }
    }
    gate_.out.send(result_of(stanza, std::move(query)));
}

// XEP-0410: whether he is still in, without asking his program back.
void Rooms::place_iq(const Element& stanza, const Place& place, const Element& payload) {
    std::string nick;
    bool known = false;
    {
        const std::lock_guard lock(floor_->mutex);
        Room* room = floor_->find(place.room);
        if (const Session* session = room ? room->find(place.who.jid) : nullptr)
            nick = session->nick;
        known = room && (room->under(place.nick) || room->absent.count(place.nick) > 0);
    }
    if (nick.empty())
        return refuse(stanza, {"cancel", "not-acceptable", "you are not in this room: join it"});
    if (nick == place.nick && payload.is("ping", space::kPing))
        return gate_.out.send(result_of(stanza));
    if (!known) return refuse(stanza, {"cancel", "item-not-found", "nobody here is called so"});
    refuse(stanza, not_offered());
}

// XEP-0045 7.10: to be a member without being there, and no member any more, which going away does
// not do.
void Rooms::registering(const Element& stanza, const Place& place, const Element& payload) {
    const Address who = place.who.resident() ? person(place.who.handle) : place.who.address();
    if (stanza.get("type") == "get") {
        const auto members = gate_.people.members(place.room);
        if (!members.ok()) return refuse(stanza, stanza_error(members.error()));
        Element query("query", kRegister);
        if (member_of(*members, place.who) != nullptr) query.add(Element("registered"));
        query.add(
            Element("instructions")
                .set_text(words_for(gate_, place.who, stanza.lang()).letter("chat_members_get")));
        return gate_.out.send(result_of(stanza, std::move(query)));
    }
    const bool leaves = payload.find("remove") != nullptr;
    const auto answer = [floor = floor_, iq = stanza, room = place.room, key = key_of(place.who),
                         leaves](const Result<void>& done) {
        const std::lock_guard lock(floor->mutex);
        if (!floor->open) return;
        if (!done.ok()) return floor->refuse(iq, stanza_error(done.error()));
        floor->send(result_of(iq));
        if (leaves) floor->drop_all(room, key);
    };
    if (leaves) return gate_.people.leave(place.room, who, answer);
    if (const auto why = no_member(place.who)) return refuse(stanza, *why);
    gate_.people.join(place.room, who, answer);
}

void Rooms::administration(const Element& stanza, const Place& place, const GroupView& group,
                           const Element& payload) {
    const Element* item = payload.find("item");
    if (stanza.get("type") != "get" || item == nullptr) return refuse(stanza, on_the_console());
    const auto members = gate_.people.members(place.room);
    if (!members.ok()) return refuse(stanza, stanza_error(members.error()));
    if (standing_in(group, member_of(*members, place.who)) != Standing::Moderator) {
        return refuse(
            stanza, {"auth", "forbidden", "the members of this group are shown to its moderators"});
    }
    const std::string_view role = item->get("role");
    std::vector<Listed> all;
    if (role.empty()) {
        all = listed_members(group, *members, item->get("affiliation"), gate_.names.component());
    } else {
        const std::lock_guard lock(floor_->mutex);
        if (const Room* room = floor_->find(place.room)) all = listed_sessions(*room, role);
    }
    gate_.out.send(result_of(stanza, member_list(all)));
}

}  // namespace waypost::xmpp
