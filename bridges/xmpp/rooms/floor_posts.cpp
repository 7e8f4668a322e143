// SPDX-License-Identifier: Apache-2.0
// How posts look in a room.
#include <algorithm>
#include <array>

#include "bridges/xmpp/message/delivery_stanzas.h"
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/rooms/floor.h"
#include "bridges/xmpp/rooms/muc.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

// What only a room, or a server, says of a message; from anybody else it is a lie.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSaidByRooms{{
    {"stanza-id", space::kIds},
    {"occupant-id", kOccupantIdSpace},
    {"x", kMucUserSpace},
    {"delay", space::kDelay},
    {"addresses", "http://jabber.org/protocol/address"},
}};

void strip(Element& message) {
    std::erase_if(message.children(), [](const Element& child) {
        return std::any_of(kSaidByRooms.begin(), kSaidByRooms.end(),
                           [&](const auto& each) { return child.is(each.first, each.second); });
    });
}

// A name from outside as a place in a room; empty: it cannot be one.
std::string as_nick(const std::string& name, const std::string& domain) {
    const auto jid = make_jid({}, domain, squeeze(clean_name(name)));
    return jid.ok() ? jid->resource() : std::string();
}

std::string without_end(const std::string& text, const std::string& end) {
    const bool has =
        text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
    return has ? text.substr(0, text.size() - end.size()) : text;
}

// The same words without "ana: " before them, which her place in the room says.
std::vector<Element> words_of(const Delivery& post, const WireId& id, const Element& as_chat,
                              const Names& names, WallTime now) {
    Delivery plain = post;
    plain.list.reset();
    ToWrite letter{plain, id, {}};
    if (const Element* link = as_chat.find("x", space::kOob)) letter.link = link->child_text("url");
    return stanzas_of(letter, names, now);
}

// What of a chat message has its sense in a room too; receipts have not (XEP-0184 5.3).
Element for_room(const Element& chat) {
    Element post("message");
    post.set("type", "groupchat").set("id", chat.get("id"));
    for (const Element& child : chat.children()) {
        const bool kept = child.name() == "body" || child.is("delay", space::kDelay) ||
                          child.is("reply", space::kReply) || child.is("x", space::kOob) ||
                          child.is("markable", space::kMarkers);
        if (kept) post.add(child);
    }
    return post;
}

}  // namespace

void Floor::reflect(const Element& stanza, const RecentPosts::Said& said, To to) {
    const Room* room = find(said.room);
    if (room == nullptr) return;
    Element message = stanza;
    strip(message);
    message.set("from", presences.nick_jid(said.room, said.nick));
    message.add(Element("stanza-id", space::kIds)
                    .set("id", said.id)
                    .set("by", presences.room_jid(said.room)));
    message.add(Element("occupant-id", kOccupantIdSpace)
                    .set("id", presences.occupant_id(said.room, said.key)));
    for (const auto& [jid, session] : room->sessions) {
        if (to == To::Himself && key_of(session.who) != said.key) continue;
        message.set("to", jid.text());
        send(message);
    }
}

// Under a name that is another's in the room, or a person's of this box, nobody from outside
// speaks: he has "via news" behind it.
RecentPosts::Said Floor::author_of(const Delivery& post, const Room& room) {
    if (const RecentPosts::Said* said = posts.find(room.name, post.message_id)) return *said;
    RecentPosts::Said author{room.name, post.message_id, {}, {}};
    if (!post.list->in_its_name) {
        author.nick = std::string(post.from.local_part());
        author.key = "person:" + author.nick;
        return author;
    }
    const std::string name = without_end(post.from_name, " via " + room.name);
    author.nick = as_nick(name, gate_.names.component());
    const std::int64_t now_ms = to_ms(gate_.office.clock().box());
    const bool others = room.under(author.nick) || nicks.looks_local(author.nick, now_ms);
    if (author.nick.empty() || mixes_scripts(author.nick) || others)
        author.nick = as_nick(name + " via " + room.name, gate_.names.component());
    return author;
}

// The reply's `to` is whom it answers (XEP-0461), by his place here if that is known.
void Floor::name_answered(Element& post, const std::string& room) const {
    for (Element& child : post.children()) {
        if (!child.is("reply", space::kReply)) continue;
        const RecentPosts::Said* said = posts.find(room, std::string(child.get("id")));
        child.remove("to");
        if (said != nullptr) child.set("to", presences.nick_jid(room, said->nick));
    }
}

std::vector<Element> Floor::in_room(const Delivery& post, const WireId& id,
                                    const std::vector<Element>& as_chat) {
    if (!post.list || as_chat.empty()) return {};
    const std::string name(post.list->address.local_part());
    drop_locked_out(name);
    const Room* room = find(name);
    const auto member = parse_jid(as_chat.front().get("to"));
    if (room == nullptr || !member.ok()) return {};
    const std::string his = key_of(asker_of(gate_, *member));
    const RecentPosts::Said author = author_of(post, *room);
    const WallTime now = gate_.office.clock().wall();
    std::vector<Element> pages = words_of(post, id, as_chat.front(), gate_.names, now);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        Element page = for_room(pages[i]);
        page.set("from", presences.nick_jid(name, author.nick));
        page.add(Element("stanza-id", space::kIds)
                     .set("id", i == 0 ? author.id : author.id + '-' + std::to_string(i + 1))
                     .set("by", presences.room_jid(name)));
        if (!author.key.empty())
            page.add(Element("occupant-id", kOccupantIdSpace)
                         .set("id", presences.occupant_id(name, author.key)));
        name_answered(page, name);
        pages[i] = std::move(page);
    }
    std::vector<Element> all;
    for (const auto& [jid, session] : room->sessions) {
        if (key_of(session.who) != his) continue;
        for (Element page : pages) all.push_back(std::move(page.set("to", jid.text())));
    }
    if (!all.empty()) posts.sent(name, post.message_id, id, as_chat);
    return all;
}

}  // namespace waypost::xmpp
