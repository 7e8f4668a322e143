// SPDX-License-Identifier: Apache-2.0
// All rooms with who is in them, and what he sees of who comes and goes. Under one lock, which the
// caller takes: stanzas leave in the order in which things happened.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/rooms/bounds.h"
#include "bridges/xmpp/rooms/nicks.h"
#include "bridges/xmpp/rooms/presences.h"
#include "bridges/xmpp/rooms/recent_posts.h"
#include "bridges/xmpp/rooms/room.h"
#include "bridges/xmpp/stanza_error.h"
#include "gateway/base/ask_limit.h"

namespace waypost::xmpp {

// Somebody at the door.
struct Entry {
    Element stanza;  // his presence
    Asker who;
    std::string room;
    std::string nick;                  // that he wants
    std::vector<GroupMember> members;  // of the group, before he became one
};

class Floor {
  public:
    // `key`: of Presences.
    Floor(const Gate& gate, const RoomBounds& bounds, std::string key);

    std::mutex mutex;  // for everything below
    bool open = true;  // false: the rooms are gone, and nothing may be called

    Room* find(const std::string& name);
    std::size_t sessions() const;
    // Why he cannot come in, though he may be a member.
    std::optional<StanzaError> refusal(const Entry& entry);
    // In and shown to everybody; else why not.
    std::optional<StanzaError> enter(const Entry& entry);
    // `statuses` say why. `himself`: he is told too.
    void drop(const std::string& room, const Jid& jid, const std::vector<int>& statuses,
              bool himself);
    void drop_all(const std::string& room, const std::string& key);  // who is no member any more
    // Whoever came in as a person of ours by an account that is not that person's any more.
    void drop_locked_out(const std::string& room);
    std::optional<StanzaError> rename(Room& room, const Session& session, const std::string& nick);
    void show(const Room& room, const Session& session);  // his presence changed
    // What each of them may, and who of the members has no session: what changed is told to all
    // but `but`.
    void look_at_members(Room& room, const std::vector<GroupMember>& members, const Jid& but = {});
    void close(const std::string& room);  // its group is no more

    // What an occupant said, under the id by which the room calls it: back to his own programs, or
    // to everybody.
    enum class To { Himself, All };
    void reflect(const Element& stanza, const RecentPosts::Said& said, To to);
    // A post as those in the room see it; `as_chat` is for who is not.
    std::vector<Element> in_room(const Delivery& post, const WireId& id,
                                 const std::vector<Element>& as_chat);
    void send(Element stanza) { gate_.out.send(std::move(stanza)); }
    // As error_to(); programs know a room's answer to a join by what it bears (7.2).
    void refuse(const Element& stanza, const StanzaError& error);

    std::map<std::string, Room> rooms;              // with sessions only
    std::set<std::pair<std::string, Jid>> waiting;  // to become members
    std::size_t handed = 0;                         // to the office, and not yet answered
    RecentPosts posts;
    Nicks nicks;
    const Presences presences;

  private:
    void remove(const std::string& room, const Jid& jid, const std::vector<int>& statuses,
                bool himself, bool stays_member);
    RecentPosts::Said author_of(const Delivery& post, const Room& room);
    void name_answered(Element& post, const std::string& room) const;
    std::optional<StanzaError> crowded(const Entry& entry, Room* room) const;
    std::optional<StanzaError> taken(const Room* room, const std::string& key,
                                     const std::string& nick);
    void welcome(Room& room, const Session& session, bool nick_given);
    template <class Make>
    void to_others(const Room& room, const Jid& but, const Make& make);

    const Gate& gate_;
    const RoomBounds bounds_;
};

// His presence as others see it; texts are cut.
void take_presence(Session& session, const Element& stanza);

}  // namespace waypost::xmpp
