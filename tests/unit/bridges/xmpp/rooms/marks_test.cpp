// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/message/wire_id.h"
#include "tests/unit/bridges/xmpp/rooms/rooms_fixture.h"

namespace waypost::xmpp {
namespace {

// XEP-0333: of a post in a room the mark names what the room calls it, older programs its `id`.
TEST_F(RoomsTest, AMarkNamesThePostThatItsMemberGot) {
    join(kBob, "Bob");
    join(kBen, "ben");
    const auto chat_for = [](const char* bare) {
        std::vector<Element> all;
        all.push_back(Element("message").set("to", bare).add(Element("body").set_text("x")));
        return all;
    };
    const Jid bob = *parse_jid(kBob), ben = *parse_jid(kBen), room = *parse_jid(kRoom);
    const WireId to_bob = new_wire_id(bob, office.clock().wall(), office.random());
    const WireId to_ben = new_wire_id(ben, office.clock().wall(), office.random());
    const auto in_room = rooms->posts(delivery("ana", "x"), to_bob, chat_for("bob@x.org"));
    ASSERT_EQ(in_room.size(), 1u);
    rooms->posts(delivery("ana", "x"), to_ben, chat_for("ben@far.example"));
    const Element* stanza_id = in_room[0].find("stanza-id", space::kIds);
    ASSERT_NE(stanza_id, nullptr);
    const std::string id(stanza_id->get("id"));
    EXPECT_EQ(message(std::string("<message type='groupchat' from='") + kBob + "' to='" + kRoom +
                      "'><displayed xmlns='urn:xmpp:chat-markers:0' id='x'/></message>"),
              Lines{});
    EXPECT_FALSE(taken) << "it is the caller's";
    const auto ids = [](const std::string& each) { return std::vector<std::string>{each}; };
    EXPECT_EQ(rooms->wire_ids(bob, room, ids(id)), ids(to_bob));
    EXPECT_EQ(rooms->wire_ids(ben, room, ids(id)), ids(to_ben));
    EXPECT_EQ(rooms->wire_ids(bob, room, ids(to_bob)), ids(to_bob));
    EXPECT_EQ(rooms->wire_ids(bob, room, ids(to_ben)), ids(to_ben)) << "not his: nothing is known";
    EXPECT_EQ(rooms->wire_ids(bob, room, ids("other")), ids("other"));
    EXPECT_EQ(rooms->wire_ids(bob, *parse_jid("ana@chat.hill.example"), ids(id)), ids(id));
    // Who is not in has no post.
    EXPECT_EQ(message(std::string("<message type='groupchat' from='eve@y.org/1' to='") + kRoom +
                      "'><displayed xmlns='urn:xmpp:chat-markers:0' id='x'/></message>")
                  .size(),
              1u);
    EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace waypost::xmpp
