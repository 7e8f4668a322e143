// SPDX-License-Identifier: Apache-2.0
// A group of the village as a room (XEP-0045): #news is news@DOMAIN. Who joins becomes a member of
// the group; what he says there is a post, in custody before anybody sees it; what others say comes
// to each member by a delivery of his own, whether he is in the room or not. So a room has no
// history, and only the author's own programs get his post back at once.
//
// presence(), message(), iq(), tick() and the stream's ups and downs: on the stream's thread, one
// at a time, after Accounts has been told who spoke; they read the disk for the members of a group.
// The rest: any thread. No lock is held while the office or people are asked for something.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/message/said.h"
#include "bridges/xmpp/rooms/bounds.h"
#include "bridges/xmpp/rooms/floor.h"
#include "gateway/base/ask_limit.h"
#include "gateway/message/delivery.h"

namespace waypost::xmpp {

class Rooms {
  public:
    explicit Rooms(const Gate& gate, RoomBounds bounds = {});
    ~Rooms();
    Rooms(const Rooms&) = delete;
    Rooms& operator=(const Rooms&) = delete;

    // True: it was for a room, or asked for one, and is dealt with. Of messages to a room these are
    // false, and the caller's: receipts and marks (wire_ids() says what about), and errors that
    // speak of a post and not of a session that is gone.
    bool presence(const Element& stanza);
    bool message(const Element& stanza);
    bool iq(const Element& stanza);

    void stream_up();
    void stream_down();
    void tick();  // every few seconds

    // The stanzas of a post to a member who is in the room, in order: to each of his sessions, the
    // first under `id`, from the author's place there. `as_chat`: the same to his bare JID, which
    // goes out here if all his sessions turn out to be dead. Empty: he is not in, or it is no post.
    std::vector<Element> posts(const Delivery& delivery, const WireId& id,
                               const std::vector<Element>& as_chat);
    // Of ids that a member's program calls posts by: the wire ids under which he got them (XEP-0333
    // names what the room calls a post). What is no room's stays as it is.
    std::vector<std::string> wire_ids(const Jid& from, const Jid& room,
                                      const std::vector<std::string>& ids) const;
    std::size_t sessions() const;  // in all rooms

  private:
    // Where a stanza goes, and from whom it comes.
    struct Place {
        std::string room;  // the group's name
        std::string nick;  // may be empty
        Asker who;         // of a room that exists
        bool exists = false;
    };
    std::optional<Place> place_of(const Element& stanza) const;
    bool occupied(const std::string& room) const;

    // rooms_presence.cpp
    void join(const Element& stanza, const Place& place);
    void become_member(const Entry& entry);
    void changed(const Element& stanza, const Place& place);
    // An error says that his session is dead: he is out. False: it does not, or he was not in.
    bool drop_if_gone(const Element& error, const Place& place);

    // rooms_message.cpp
    bool said(const Element& stanza, const Place& place);
    void post(const Element& stanza, const Place& place, const Chat& chat);
    void react(const Element& stanza, const Place& place, const Session& session, const Chat& chat);
    void private_message(const Element& stanza, const Place& place, const Chat& chat);
    bool failed(const Element& stanza, const Place& place);
    std::optional<Session> session_of(const Place& place) const;
    Standing standing_of(const Place& place, const GroupView& group) const;
    Message letter_to(const Address& to, const Element& stanza, const Place& place,
                      const Chat& chat) const;
    // To the office. A refusal goes back to where `stanza` came from; else `on_kept`, under the
    // lock.
    using OnKept = std::function<void(Floor&, const Verdict&)>;
    void hand_over(const Element& stanza, Message message, OnKept on_kept = {});

    // rooms_invite.cpp
    void invite(const Element& stanza, const Place& place, const Element& muc_user);
    bool invited_directly(const Element& stanza);
    void invite_person(const Element& stanza, const Asker& by, const std::string& room,
                       const std::string& handle, std::string_view reason);

    // rooms_iq.cpp
    void room_iq(const Element& stanza, const Place& place, const Element& payload);
    void place_iq(const Element& stanza, const Place& place, const Element& payload);
    void answer_info(const Element& stanza, const Place& place, const GroupView& group,
                     std::string_view node);
    void answer_items(const Element& stanza, const Place& place);
    void registering(const Element& stanza, const Place& place, const Element& payload);
    void administration(const Element& stanza, const Place& place, const GroupView& group,
                        const Element& payload);

    // Nullopt: he may become a member, as far as the rooms are asked.
    std::optional<StanzaError> no_member(const Asker& who);
    void refuse(const Element& stanza, const StanzaError& error) const;
    std::int64_t now_ms() const { return to_ms(gate_.office.clock().box()); }

    const Gate& gate_;
    const RoomBounds bounds_;
    AskLimit joins_, joins_at_home_, invitations_, reactions_;  // the stream's thread alone
    const std::shared_ptr<Floor> floor_;  // shared with answers that are still to come
};

}  // namespace waypost::xmpp
