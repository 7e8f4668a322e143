// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/room_info.h"

#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/presences.h"
#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/form.h"

namespace waypost::xmpp {
namespace {

std::string title_of(const GroupView& group) {
    return group.title.empty() ? group.name : group.title;
}

// What a member should know before he writes.
std::string description_of(const GroupView& group) {
    std::string text =
        "Group of the village, read by radio, mail and chat. What is missed is "
        "delivered to each member, so the room keeps no history.";
    if (group.closed) text += " Only moderators post.";
    if (group.moderated) text += " What members post waits for a moderator.";
    return text;
}

FormField told(std::string var, std::string value, std::string label) {
    return {std::move(var), "text-single", std::move(label), false, {std::move(value)}, {}};
}

Element info_form(const GroupView& group, std::size_t occupants) {
    Form form;
    form.type = "result";
    form.fields.push_back(
        {"FORM_TYPE", "hidden", "", false, {"http://jabber.org/protocol/muc#roominfo"}, {}});
    form.fields.push_back(told("muc#roominfo_description", description_of(group), "Description"));
    form.fields.push_back(told("muc#roominfo_occupants", std::to_string(occupants), "Occupants"));
    form.fields.push_back(told("muc#maxhistoryfetch", "0", "Messages of history at most"));
    form.fields.push_back({"muc#roominfo_changesubject",
                           "boolean",
                           "Occupants may change the subject",
                           false,
                           {"0"},
                           {}});
    return to_element(form);
}

Element identity(const std::string& name) {
    return Element("identity").set("category", "conference").set("type", "text").set("name", name);
}

}  // namespace

Element room_info(const GroupView& group, std::size_t occupants) {
    Element query("query", kDiscoInfo);
    query.add(identity(title_of(group)));
    const std::string_view voice = group.closed ? "muc_moderated" : "muc_unmoderated";
    for (const std::string_view feature :
         {kMucSpace, std::string_view("http://jabber.org/protocol/muc#self-ping-optimization"),
          std::string_view("http://jabber.org/protocol/muc#stable_id"), kDiscoInfo, kDiscoItems,
          std::string_view("jabber:iq:register"), std::string_view("muc_open"),
          std::string_view("muc_persistent"), std::string_view("muc_public"),
          std::string_view("muc_semianonymous"), std::string_view("muc_unsecured"), voice,
          kOccupantIdSpace, space::kPing, space::kIds, std::string_view("vcard-temp")})
        query.add(Element("feature").set("var", feature));
    query.add(info_form(group, occupants));
    return query;
}

Element reserved_nick(const std::string& handle) {
    Element query("query", kDiscoInfo);
    query.set("node", "x-roomuser-item");
    if (!handle.empty()) query.add(identity(handle));
    return query;
}

Element room_card(const GroupView& group) {
    Element card("vCard", "vcard-temp");
    card.add(Element("FN").set_text(title_of(group)));
    card.add(Element("NICKNAME").set_text(group.name));
    card.add(Element("DESC").set_text(description_of(group)));
    return card;
}

Element member_list(const std::vector<Listed>& all) {
    Element query("query", kMucAdminSpace);
    for (const Listed& each : all) {
        Element item("item");
        item.set("affiliation", each.affiliation);
        if (!each.role.empty()) item.set("role", each.role);
        if (!each.jid.empty()) item.set("jid", each.jid);
        if (!each.nick.empty()) item.set("nick", each.nick);
        query.add(std::move(item));
    }
    return query;
}

// A person of this box by his JID here, whatever his accounts are; who gets the posts by mail has
// none, and is not listed.
std::vector<Listed> listed_members(const GroupView& group, const std::vector<GroupMember>& members,
                                   std::string_view affiliation, std::string_view component) {
    std::vector<Listed> all;
    for (const GroupMember& each : members) {
        const char* const his = affiliation_of(standing_in(group, &each));
        if (affiliation != his) continue;
        if (each.address.scheme == "person") {
            all.push_back({his, {}, each.address.value + '@' + std::string(component), {}});
        } else if (each.address.scheme == "xmpp") {
            all.push_back({his, {}, each.address.value, {}});
        }
    }
    return all;
}

std::vector<Listed> listed_sessions(const Room& room, std::string_view role) {
    std::vector<Listed> all;
    for (const auto& [jid, session] : room.sessions) {
        if (role != role_of(session.standing)) continue;
        all.push_back(
            {affiliation_of(session.standing), std::string(role), jid.text(), session.nick});
    }
    return all;
}

}  // namespace waypost::xmpp
