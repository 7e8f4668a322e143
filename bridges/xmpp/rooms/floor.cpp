// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/floor.h"

#include <utility>

#include "bridges/xmpp/rooms/muc.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kStatusBytes = 120;
constexpr std::size_t kSaltBytes = 8;

}  // namespace

void take_presence(Session& session, const Element& stanza) {
    const std::string_view show = stanza.child_text("show");
    const bool known = show == "away" || show == "chat" || show == "dnd" || show == "xa";
    session.show = known ? std::string(show) : std::string();
    session.status = one_line(clean_title(stanza.child_text("status")), kStatusBytes);
}

Floor::Floor(const Gate& gate, const RoomBounds& bounds, std::string key)
    : nicks(gate.people, bounds.nick_bytes),
      presences(gate.names, std::move(key)),
      gate_(gate),
      bounds_(bounds) {}

// Needs no lock: it looks at nothing here.
void Floor::refuse(const Element& stanza, const StanzaError& error) {
    auto answer = error_to(stanza, error);
    if (!answer) return;
    if (stanza.name() == "presence" && stanza.find("x", kMucSpace) != nullptr)
        answer->add(Element("x", kMucSpace));
    send(std::move(*answer));
}

Room* Floor::find(const std::string& name) {
    const auto found = rooms.find(name);
    return found == rooms.end() ? nullptr : &found->second;
}

std::size_t Floor::sessions() const {
    std::size_t all = 0;
    for (const auto& [name, room] : rooms) all += room.sessions.size();
    return all;
}

template <class Make>
void Floor::to_others(const Room& room, const Jid& but, const Make& make) {
    for (const auto& [jid, viewer] : room.sessions) {
        if (jid != but) send(make(viewer));
    }
}

std::optional<StanzaError> Floor::crowded(const Entry& entry, Room* room) const {
    if (room != nullptr && room->find(entry.who.jid) != nullptr) return std::nullopt;
    if (sessions() >= bounds_.sessions || (room && room->sessions.size() >= bounds_.room_sessions))
        return StanzaError{"wait", "service-unavailable", "this room is full just now"};
    if (room != nullptr && room->sessions_of(key_of(entry.who)) >= bounds_.person_sessions) {
        return StanzaError{"wait", "resource-constraint",
                           "you are in this room with too many programs: leave with one"};
    }
    return std::nullopt;
}

std::optional<StanzaError> Floor::refusal(const Entry& entry) {
    if (!gate_.people.group(entry.room))
        return StanzaError{"cancel", "item-not-found", "there is no such group any more"};
    Room* room = find(entry.room);
    if (auto why = crowded(entry, room)) return why;
    if (entry.who.resident()) return std::nullopt;
    return taken(room, key_of(entry.who), entry.nick);
}

// Of somebody outside: his name must not be anybody else's.
std::optional<StanzaError> Floor::taken(const Room* room, const std::string& key,
                                        const std::string& nick) {
    const Session* other = room ? room->under(nick) : nullptr;
    if (other != nullptr && key_of(other->who) != key)
        return StanzaError{"cancel", "conflict", "somebody in this room is called so"};
    return nicks.refuse(nick, to_ms(gate_.office.clock().box()));
}

std::optional<StanzaError> Floor::enter(const Entry& entry) {
    if (auto why = refusal(entry)) return why;
    const auto group = gate_.people.group(entry.room);
    if (!group) return StanzaError{"cancel", "item-not-found", {}};
    const std::string nick = entry.who.resident() ? entry.who.handle : entry.nick;
    // Who is in under another nick, and does not know it, comes in anew.
    Room* known = find(entry.room);
    const Session* before = known ? known->find(entry.who.jid) : nullptr;
    if (before && before->nick != nick) drop(entry.room, entry.who.jid, {}, false);
    Room& room = rooms.try_emplace(entry.room, entry.room).first->second;
    Session session;
    session.who = entry.who;
    session.nick = nick;
    session.standing = standing_in(*group, member_of(entry.members, entry.who));
    session.salt = gate_.office.random().hex(kSaltBytes);
    take_presence(session, entry.stanza);
    const bool shown = room.under(nick) != nullptr;
    room.absent.erase(nick);
    const Session& here = room.sessions[entry.who.jid] = std::move(session);
    look_at_members(room, entry.members, entry.who.jid);
    welcome(room, here, nick != entry.nick);
    if (!shown) {
        to_others(room, entry.who.jid,
                  [&](const Session& viewer) { return presences.of(room, here, viewer); });
    }
    return std::nullopt;
}

// XEP-0045 7.2.2: the others, then himself, then the subject. There is no subject: the title of the
// group is the name of the room.
void Floor::welcome(Room& room, const Session& session, bool nick_given) {
    for (const Session* each : room.occupants()) {
        if (each->nick != session.nick) send(presences.of(room, *each, session));
    }
    for (const auto& [handle, absent] : room.absent)
        send(presences.of(room, handle, absent, session));
    send(presences.of(room, session, session,
                      nick_given ? std::vector{kStatusNickGiven} : std::vector<int>{}));
    send(Element("message")
             .set("type", "groupchat")
             .set("from", presences.room_jid(room.name))
             .set("to", session.who.jid.text())
             .add(Element("subject")));
}

void Floor::drop(const std::string& room, const Jid& jid, const std::vector<int>& statuses,
                 bool himself) {
    remove(room, jid, statuses, himself, true);
}

void Floor::drop_all(const std::string& name, const std::string& key) {
    const Room* room = find(name);
    if (room == nullptr) return;
    std::vector<Jid> his;
    for (const auto& [jid, session] : room->sessions) {
        if (key_of(session.who) == key) his.push_back(jid);
    }
    for (const Jid& jid : his) remove(name, jid, {kStatusNoMember}, true, false);
}

void Floor::drop_locked_out(const std::string& name) {
    const Room* room = find(name);
    if (room == nullptr) return;
    std::vector<Jid> out;
    for (const auto& [jid, session] : room->sessions) {
        if (session.who.resident() && asker_of(gate_, jid).handle != session.who.handle)
            out.push_back(jid);
    }
    for (const Jid& jid : out) drop(name, jid, {kStatusNoMember}, true);
}

void Floor::remove(const std::string& name, const Jid& jid, const std::vector<int>& statuses,
                   bool himself, bool stays_member) {
    Room* room = find(name);
    if (room == nullptr || room->find(jid) == nullptr) return;
    const Session gone = std::move(room->sessions.extract(jid).mapped());
    if (himself) send(presences.gone(*room, gone, gone, statuses));
    if (room->sessions.empty()) {
        rooms.erase(name);
        return;
    }
    if (room->under(gone.nick) != nullptr) return;  // another program of his
    const auto resident =
        stays_member && gone.who.resident() ? gate_.people.resident(gone.who.handle) : std::nullopt;
    if (!resident || room->occupants().size() + room->absent.size() >= bounds_.shown) {
        to_others(*room, jid, [&](const Session& viewer) {
            return presences.gone(*room, gone, viewer, statuses);
        });
        return;
    }
    // He gets what is posted another way.
    const Absent absent{resident->has_radio, gone.standing};
    room->absent[gone.nick] = absent;
    to_others(*room, jid, [&](const Session& viewer) {
        return presences.of(*room, gone.nick, absent, viewer);
    });
}

std::optional<StanzaError> Floor::rename(Room& room, const Session& session,
                                         const std::string& nick) {
    if (session.who.resident()) {
        return StanzaError{"modify", "not-acceptable",
                           "in the rooms of this village you are " + session.nick};
    }
    if (auto why = taken(&room, key_of(session.who), nick)) return why;
    // All his programs that share the old one go along.
    const std::string before = session.nick;
    std::vector<Session*> his;
    for (auto& [jid, each] : room.sessions) {
        if (each.nick == before) his.push_back(&each);
    }
    for (const auto& [jid, viewer] : room.sessions) {
        const bool himself = viewer.nick == before;
        const Session& shown = himself ? viewer : *his.front();
        send(presences.gone(room, shown, viewer, {kStatusNewNick}, nick));
    }
    for (Session* each : his) each->nick = nick;
    for (const auto& [jid, viewer] : room.sessions) {
        const bool himself = viewer.nick == nick;
        send(presences.of(room, himself ? viewer : *his.front(), viewer));
    }
    return std::nullopt;
}

void Floor::show(const Room& room, const Session& session) {
    to_others(room, {}, [&](const Session& viewer) { return presences.of(room, session, viewer); });
}

void Floor::look_at_members(Room& room, const std::vector<GroupMember>& members, const Jid& but) {
    const auto group = gate_.people.group(room.name);
    if (!group) return;
    room.looked_at_ms = to_ms(gate_.office.clock().box());
    for (auto& [jid, session] : room.sessions) {
        const Standing now = standing_in(*group, member_of(members, session.who));
        if (std::exchange(session.standing, now) != now) show(room, session);
    }
    const auto now = absent_members(room, *group, members, gate_.people, bounds_.shown);
    const auto before = std::exchange(room.absent, now);
    for (const auto& was : before) {
        if (now.count(was.first) > 0 || room.under(was.first) != nullptr) continue;
        to_others(room, but,
                  [&](const Session& viewer) { return presences.gone(room, was.first, viewer); });
    }
    for (const auto& is : now) {
        const auto was = before.find(is.first);
        if (was != before.end() && was->second == is.second) continue;
        to_others(room, but, [&](const Session& viewer) {
            return presences.of(room, is.first, is.second, viewer);
        });
    }
}

void Floor::close(const std::string& name) {
    const auto found = rooms.find(name);
    if (found == rooms.end()) return;
    const Room& room = found->second;
    to_others(room, {}, [&](const Session& viewer) {
        const std::string why = words_for(gate_, viewer.who, {}).letter("chat_group_over");
        return presences.destroyed(room, viewer, why);
    });
    rooms.erase(found);
}

}  // namespace waypost::xmpp
