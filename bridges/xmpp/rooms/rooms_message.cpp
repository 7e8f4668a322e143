// SPDX-License-Identifier: Apache-2.0
// What is said in a room and to it (XEP-0045 7.4 to 7.8).
#include <algorithm>

#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/rooms.h"
#include "bridges/xmpp/services/caps.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

StanzaError not_in() {
    return {"modify", "not-acceptable", "you are not in this room: join it first"};
}

// By which the group knows a post, and a repeat of it. Only programs that say so (XEP-0359) call no
// two messages alike; others may count from 1 again: of those an id with the same words is believed
// as long as they stay in the room, and outside of it if it is no small number.
constexpr std::size_t kNoSmallNumber = 8;

std::string post_id(const Asker& by, const Chat& chat, const std::string& salt, Random& random) {
    const std::string whose = by.jid.bare_text() + '\n';
    if (!chat.origin_id.empty()) return short_hash(whose + '\n' + chat.origin_id);
    const bool believed = !chat.id.empty() && (!salt.empty() || chat.id.size() >= kNoSmallNumber);
    if (!believed) return random.hex(16);
    return short_hash(whose + salt + '\n' + chat.id + '\n' + chat.body);
}

std::optional<StanzaError> no_post(const Element& stanza, const Chat& chat) {
    if (stanza.find("subject") != nullptr && stanza.find("body") == nullptr) {
        return StanzaError{"auth", "forbidden",
                           "the title of this group is set on the village's console"};
    }
    if (const Element* form = stanza.find("x", kDataForm); form && chat.body.empty()) {
        return StanzaError{"auth", "forbidden",
                           "who may post here is said on the village's console"};
    }
    if (chat.encrypted) {
        return StanzaError{"modify", "not-acceptable",
                           "this group is read by radio and mail: write without encryption"};
    }
    if (!chat.retracts.empty()) {
        return StanzaError{"cancel", "not-acceptable",
                           "what was posted is on its way to the members: it cannot be taken back"};
    }
    return std::nullopt;
}

Element waits_notice(const Element& stanza, const std::string& words, bool in_room) {
    Element notice("message");
    const auto to = parse_jid(stanza.get("from"));
    notice.set("type", in_room ? "groupchat" : "chat");
    notice.set("to", in_room || !to.ok() ? std::string(stanza.get("from")) : to->bare_text());
    notice.add(Element("body").set_text(words));
    return notice;
}

}  // namespace

bool Rooms::message(const Element& stanza) {
    const auto place = place_of(stanza);
    const bool groupchat = stanza.get("type") == "groupchat";
    if (!place || !place->exists) {
        if (place && groupchat) {
            refuse(stanza, {"cancel", "item-not-found", "there is no group of this name here"});
            return true;
        }
        return invited_directly(stanza);
    }
    if (stanza.get("type") == "error") return failed(stanza, *place);
    if (const Element* muc_user = stanza.find("x", kMucUserSpace)) {
        const bool invites = muc_user->find("invite") || muc_user->find("decline");
        if (invites && place->nick.empty()) {
            invite(stanza, *place, *muc_user);
            return true;
        }
    }
    return said(stanza, *place);
}

bool Rooms::said(const Element& stanza, const Place& place) {
    const bool groupchat = stanza.get("type") == "groupchat";
    const Chat chat = read_chat(stanza);
    if (groupchat && !place.nick.empty()) {
        refuse(stanza, {"modify", "bad-request", "to all of a room one writes by its own address"});
    } else if (groupchat && !session_of(place)) {
        refuse(stanza, not_in());
    } else if (const auto why = no_post(stanza, chat); why && place.nick.empty()) {
        const Catalogue& words = words_for(gate_, place.who, stanza.lang());
        refuse(stanza, chat.encrypted ? said_in(words, *why, "chat_error_sealed") : *why);
    } else if (!chat.says_something()) {
        // Receipts and marks are the caller's; that somebody is typing is nobody's here.
        return chat.displayed.empty() && (groupchat || chat.received.empty());
    } else if (!place.nick.empty()) {
        private_message(stanza, place, chat);
    } else {
        post(stanza, place, chat);
    }
    return true;
}

std::optional<Session> Rooms::session_of(const Place& place) const {
    const std::lock_guard lock(floor_->mutex);
    Room* room = floor_->find(place.room);
    const Session* session = room ? room->find(place.who.jid) : nullptr;
    return session ? std::optional(*session) : std::nullopt;
}

// Of a member who is not in the room.
Standing Rooms::standing_of(const Place& place, const GroupView& group) const {
    const auto members = gate_.people.members(place.room);
    return standing_in(group, members.ok() ? member_of(*members, place.who) : nullptr);
}

Message Rooms::letter_to(const Address& to, const Element& stanza, const Place& place,
                         const Chat& chat) const {
    const Jid jid = gate_.names.jid_of(to);
    Message message = message_of(gate_, place.who, {stanza, chat, place.who.jid, jid},
                                 target_of(gate_.names, jid));
    message.to = {to};
    return message;
}

void Rooms::post(const Element& stanza, const Place& place, const Chat& chat) {
    const auto group = gate_.people.group(place.room);
    if (!group) return refuse(stanza, {"cancel", "item-not-found", {}});
    const auto session = session_of(place);
    if (!chat.reactions.empty() && session) return react(stanza, place, *session, chat);
    const std::string nick = session                ? session->nick
                             : place.who.resident() ? place.who.handle
                                                    : std::string();
    const Address list = mailto(place.room, gate_.names.box());
    Message message = letter_to(list, stanza, place, chat);
    message.wishes.clear();  // what becomes of a post is told to nobody
    message.envelope_id.clear();
    message.origin_id =
        post_id(place.who, chat, session ? session->salt : std::string(), gate_.office.random());
    if (session && !place.who.resident()) message.from_name = nick;
    const RecentPosts::Said said{place.room, message.origin_id, nick, key_of(place.who)};
    {
        // Before anybody can get it.
        const std::lock_guard lock(floor_->mutex);
        if (!chat.replies_to.empty())
            message.references = floor_->posts.references(place.room, chat.replies_to);
        if (!nick.empty()) floor_->posts.said(said);
    }
    const bool waits =
        group->moderated &&
        (session ? session->standing : standing_of(place, *group)) != Standing::Moderator;
    const bool in_room = session.has_value();
    const std::string wait = words_for(gate_, place.who, stanza.lang())
                                 .letter("chat_post_waits", {{"group", place.room}});
    hand_over(stanza, std::move(message), [=](Floor& floor, const Verdict& verdict) {
        if (in_room) floor.reflect(stanza, said, Floor::To::Himself);
        if (waits && verdict.kind == Verdict::Kind::Accepted) {
            floor.send(waits_notice(stanza, wait, in_room)
                           .set("from", floor.presences.room_jid(said.room)));
        }
    });
}

// For those who are here just now; a radio would spend as much on it as on a post.
void Rooms::react(const Element& stanza, const Place& place, const Session& session,
                  const Chat& chat) {
    if (session.standing == Standing::Visitor)
        return refuse(stanza, {"auth", "forbidden", "only moderators post here"});
    if (!reactions_.may_ask(key_of(session.who), gate_.office.clock().box()))
        return refuse(stanza, {"wait", "resource-constraint", "slower, please"});
    Random& random = gate_.office.random();
    const std::lock_guard lock(floor_->mutex);
    floor_->reflect(stanza,
                    {place.room, post_id(place.who, chat, session.salt, random), session.nick,
                     key_of(session.who)},
                    Floor::To::All);
}

void Rooms::private_message(const Element& stanza, const Place& place, const Chat& chat) {
    if (!session_of(place)) return refuse(stanza, not_in());
    bool member = false, outside = false;
    {
        const std::lock_guard lock(floor_->mutex);
        const Room* room = floor_->find(place.room);
        const Session* other = room ? room->under(place.nick) : nullptr;
        outside = other != nullptr && !other->who.resident();
        member = room != nullptr && (other != nullptr || room->absent.count(place.nick) > 0);
    }
    if (outside) {
        return refuse(stanza,
                      {"cancel", "not-acceptable",
                       "the village carries letters to its own people only: write to others "
                       "by their own address"});
    }
    if (!member) {
        return refuse(stanza,
                      {"cancel", "item-not-found", "nobody in this room is called " + place.nick});
    }
    hand_over(stanza, letter_to(mailto(place.nick, gate_.names.box()), stanza, place, chat));
}

void Rooms::hand_over(const Element& stanza, Message message, OnKept on_kept) {
    bool busy = false;
    {
        const std::lock_guard lock(floor_->mutex);
        busy = floor_->handed >= bounds_.handed;
        if (!busy) ++floor_->handed;
    }
    if (busy)
        return refuse(stanza, {"wait", "resource-constraint", "much is said just now: try again"});
    const auto from = parse_jid(stanza.get("from"));
    const Catalogue& words =
        words_for(gate_, from.ok() ? asker_of(gate_, *from) : Asker{}, stanza.lang());
    gate_.office.accept(std::move(message),
                        [floor = floor_, head = head_of(stanza), &words,
                         on_kept = std::move(on_kept)](const std::vector<Verdict>& verdicts) {
                            const std::lock_guard lock(floor->mutex);
                            --floor->handed;
                            if (!floor->open || verdicts.empty()) return;
                            const Verdict& verdict = verdicts.front();
                            if (verdict.kept()) {
                                if (on_kept) on_kept(*floor, verdict);
                            } else {
                                floor->refuse(head, stanza_error(verdict, words));
                            }
                        });
}

// A post found nobody: while another session of his is in, that one has it; else it goes to his
// bare JID, where his server keeps it for him.
bool Rooms::failed(const Element& stanza, const Place& place) {
    if (!drop_if_gone(stanza, place)) return false;
    const std::lock_guard lock(floor_->mutex);
    const Room* room = floor_->find(place.room);
    if (room != nullptr && room->sessions_of(key_of(place.who)) > 0) return true;
    const auto chats = floor_->posts.take_chat(WireId(stanza.get("id")), place.who.jid.bare_text());
    for (const Element& chat : chats) floor_->send(chat);
    return !chats.empty();
}

}  // namespace waypost::xmpp
