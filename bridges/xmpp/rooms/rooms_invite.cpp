// SPDX-License-Identifier: Apache-2.0
// Invitations (XEP-0045 7.8, XEP-0249). Somebody of this box gets a letter by whatever reaches him;
// others get the invitation as their programs know it.
#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/rooms.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kReasonBytes = 120;

std::string reason_of(std::string_view text) { return one_line(clean_title(text), kReasonBytes); }

}  // namespace

void Rooms::invite(const Element& stanza, const Place& place, const Element& muc_user) {
    const Element* invite = muc_user.find("invite");
    if (invite == nullptr) return;  // somebody declines: his host reads it in his silence
    const auto session = session_of(place);
    if (!session) {
        return refuse(stanza,
                      {"modify", "not-acceptable", "you are not in this room: join it first"});
    }
    if (!invitations_.may_ask(key_of(place.who), gate_.office.clock().box())) {
        return refuse(stanza, {"wait", "resource-constraint",
                               "these were many invitations: send the next in an hour"});
    }
    const auto to = parse_jid(invite->get("to"));
    if (!to.ok() || to->is_domain())
        return refuse(stanza, {"modify", "jid-malformed", "say whom you invite"});
    const std::string_view reason = invite->child_text("reason");
    if (gate_.names.is_ours(*to)) {
        const Target target = target_of(gate_.names, *to);
        return invite_person(stanza, place.who, place.room, target.handle, reason);
    }
    // From his place in the room: his own address stays his.
    Element by("invite");
    by.set("from", floor_->presences.nick_jid(place.room, session->nick));
    if (!reason.empty()) by.add(Element("reason").set_text(reason_of(reason)));
    gate_.out.send(Element("message")
                       .set("from", floor_->presences.room_jid(place.room))
                       .set("to", to->bare_text())
                       .add(Element("x", kMucUserSpace).add(std::move(by))));
}

bool Rooms::invited_directly(const Element& stanza) {
    const Element* invitation = stanza.find("x", kDirectInviteSpace);
    if (invitation == nullptr || stanza.get("type") == "error") return false;
    const auto room = parse_jid(invitation->get("jid"));
    const auto to = parse_jid(stanza.get("to"));
    const auto from = parse_jid(stanza.get("from"));
    if (!room.ok() || !to.ok() || !from.ok()) return false;
    if (!gate_.names.is_ours(*room) || !gate_.names.is_ours(*to) || gate_.names.is_ours(*from))
        return false;
    const std::string name = unescape_local(room->local());
    const Target target = target_of(gate_.names, *to);
    if (target.kind != Target::Kind::Person || !gate_.people.group(name)) return false;
    invite_person(stanza, asker_of(gate_, *from), name, target.handle, invitation->get("reason"));
    return true;
}

// "#+news" is how a radio joins, in every language.
void Rooms::invite_person(const Element& stanza, const Asker& by, const std::string& room,
                          const std::string& handle, std::string_view reason) {
    if (!gate_.people.resident(handle))
        return refuse(stanza, {"cancel", "item-not-found", "nobody here is called so"});
    const Address to = mailto(handle, gate_.names.box());
    Message message = letter_to(to, stanza, Place{room, {}, by, true}, read_chat(stanza));
    const std::string said = reason_of(reason);
    message.text = (said.empty() ? "" : said + ' ') + '#' + room + "? #+" + room;
    hand_over(stanza, std::move(message));
}

}  // namespace waypost::xmpp
