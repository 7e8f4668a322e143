// SPDX-License-Identifier: Apache-2.0
// Coming, going and being seen (XEP-0045 section 7.1 to 7.6, 7.14).
#include <algorithm>
#include <array>

#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/rooms.h"

namespace waypost::xmpp {
namespace {

// What a server says where nobody is any more (RFC 6120 8.3.3): so his session is dead.
constexpr std::array<std::string_view, 8> kGone{
    "gone",     "item-not-found",          "jid-malformed",         "recipient-unavailable",
    "redirect", "remote-server-not-found", "remote-server-timeout", "service-unavailable"};

StanzaError no_room(const std::string& room) {
    return {"cancel", "item-not-found",
            "there is no group " + room + " here; groups are made on the village's console"};
}

// "Banned" and the like is what programs make of other conditions.
StanzaError not_let_in(const Error& error) {
    StanzaError why = stanza_error(error);
    if (why.condition == "forbidden") why.condition = "registration-required";
    return why;
}

}  // namespace

bool Rooms::drop_if_gone(const Element& error, const Place& place) {
    if (std::find(kGone.begin(), kGone.end(), read_error(error).condition) == kGone.end())
        return false;
    const std::lock_guard lock(floor_->mutex);
    Room* room = floor_->find(place.room);
    if (room == nullptr || room->find(place.who.jid) == nullptr) return false;
    floor_->drop(place.room, place.who.jid, {kStatusKicked, kStatusTechnical}, false);
    return true;
}

bool Rooms::presence(const Element& stanza) {
    const auto place = place_of(stanza);
    if (!place) return false;
    const std::string_view type = stanza.get("type");
    const bool enters = type.empty() && stanza.find("x", kMucSpace) != nullptr;
    if (!place->exists) {
        if (enters) refuse(stanza, no_room(place->room));
        return enters;
    }
    if (enters) {
        join(stanza, *place);
    } else if (type.empty()) {
        changed(stanza, *place);
    } else if (type == "unavailable") {
        const std::lock_guard lock(floor_->mutex);
        floor_->waiting.erase({place->room, place->who.jid});
        floor_->drop(place->room, place->who.jid, {}, true);
    } else if (type == "error") {
        drop_if_gone(stanza, *place);
    } else if (type == "subscribe") {
        // A room is no contact: who is there is seen inside.
        gate_.out.send(Element("presence")
                           .set("type", "unsubscribed")
                           .set("from", stanza.get("to"))
                           .set("to", stanza.get("from")));
    }
    return true;
}

void Rooms::join(const Element& stanza, const Place& place) {
    if (place.nick.empty())
        return refuse(stanza, {"modify", "jid-malformed", "say how you want to be called"});
    if (const auto why = no_member(place.who)) return refuse(stanza, *why);
    auto members = gate_.people.members(place.room);
    if (!members.ok()) return refuse(stanza, stanza_error(members.error()));
    const bool member = member_of(*members, place.who) != nullptr;
    const Entry entry{stanza, place.who, place.room, place.nick, std::move(*members)};
    if (member) {
        std::optional<StanzaError> why;
        {
            const std::lock_guard lock(floor_->mutex);
            why = floor_->enter(entry);
        }
        if (why) refuse(stanza, *why);
        return;
    }
    become_member(entry);
}

std::optional<StanzaError> Rooms::no_member(const Asker& who) {
    const bool at_home = !gate_.names.handle_of_account(who.jid).empty();
    const BoxTime now = gate_.office.clock().box();
    if (!(at_home ? joins_at_home_ : joins_).may_ask(who.jid.domain(), now)) {
        return StanzaError{"wait", "resource-constraint",
                           "too many came from your server: try again in some minutes"};
    }
    if (locked_out(gate_, who)) {
        return StanzaError{"auth", "forbidden",
                           "this account is not in use: it was said to be lost, or waits for the "
                           "operator"};
    }
    if (!who.resident() && !message_from(gate_, who).verified_sender) {
        return StanzaError{"auth", "forbidden",
                           "this account bears a name of the village, and nobody has said whose "
                           "it is: ask the operator"};
    }
    return std::nullopt;
}

void Rooms::become_member(const Entry& entry) {
    const std::pair key(entry.room, entry.who.jid);
    bool full = false;
    {
        const std::lock_guard lock(floor_->mutex);
        // Before he is one: a member whom the room then refuses would not know that he is.
        if (const auto why = floor_->refusal(entry)) return refuse(entry.stanza, *why);
        full = floor_->waiting.size() >= bounds_.waiting;
        if (!full) floor_->waiting.insert(key);
    }
    if (full) {
        return refuse(entry.stanza,
                      {"wait", "resource-constraint", "too many come at once: try again soon"});
    }
    const Address member = entry.who.resident() ? person(entry.who.handle) : entry.who.address();
    gate_.people.join(entry.room, member, [floor = floor_, entry, key](const Result<void>& done) {
        const std::lock_guard lock(floor->mutex);
        // He may have gone meanwhile, or the stream: nobody waits for an answer then.
        if (!floor->open || floor->waiting.erase(key) == 0) return;
        const auto why = done.ok() ? floor->enter(entry) : not_let_in(done.error());
        if (why) floor->refuse(entry.stanza, *why);
    });
}

// Of one who is in: he is away, or wants another name. Who is not does not know it, and joins anew
// when he hears so.
void Rooms::changed(const Element& stanza, const Place& place) {
    std::optional<StanzaError> why;
    {
        const std::lock_guard lock(floor_->mutex);
        Room* room = floor_->find(place.room);
        Session* session = room ? room->find(place.who.jid) : nullptr;
        if (session == nullptr) {
            why = StanzaError{"cancel", "item-not-found", "you are not in this room: join it"};
        } else if (!place.nick.empty() && place.nick != session->nick) {
            why = floor_->rename(*room, *session, place.nick);
        } else {
            take_presence(*session, stanza);
            floor_->show(*room, *session);
        }
    }
    if (why) refuse(stanza, *why);
}

}  // namespace waypost::xmpp
