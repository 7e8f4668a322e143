// SPDX-License-Identifier: Apache-2.0
// Who the node hears, and what comes to it by single packets.
#include "radio/reticulum/node.h"

#include "tests/unit/radio/reticulum/node/bench.h"

namespace waypost::reticulum {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = Outcome::Kind;

TEST_F(NodeTest, MakesItselfKnownAsAnInterfaceComesAndAgainAfterHours) {
    meet(ana);
    EXPECT_EQ(ana.box(), node->destination());
    EXPECT_EQ(ana.boxes_announces(), 1);
    pass(hours(5), minutes(5));
    EXPECT_EQ(ana.boxes_announces(), 1);
    pass(hours(1) + minutes(5), minutes(5));
    EXPECT_EQ(ana.boxes_announces(), 2);
}

TEST_F(NodeTest, AnswersWhoAsksForItOnceEach) {
    meet(ana);
    pass(seconds(10));
    ana.ask_for(node->destination());
    ana.ask_for(std::string(kHash, 'x'));
    pump();
    EXPECT_EQ(ana.boxes_announces(), 2);
}

// An RNode at SF8: 2 % of 3 kbit/s is one announce in half a minute.
TEST_F(NodeTest, KeepsToItsShareOfASlowInterface) {
    meet(ana, 3000);
    EXPECT_EQ(ana.boxes_announces(), 1);
    for (int i = 0; i < 60; ++i) {
        ana.ask_for(node->destination());
        pass(seconds(1));
    }
    EXPECT_LE(ana.boxes_announces(), 4);
    EXPECT_GE(ana.boxes_announces(), 2);
    const int before = ana.boxes_announces();
    for (int i = 0; i < 20; ++i) {
        act(node->interface_down(1, now()));
        act(node->interface_up(1, {"phone 1", 3000}, now()));
    }
    pump();
    EXPECT_LE(ana.boxes_announces(), before + 1);
}

TEST_F(NodeTest, AMessageIsProvedOnceItIsKept) {
    meet(ana);
    decides = false;
    const std::string id = ana.say("hello");
    pump();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].lxmf.content, "hello");
    EXPECT_EQ(messages[0].lxmf.from, ana.destination());
    EXPECT_EQ(messages[0].name, "Ana");
    EXPECT_EQ(messages[0].key, std::string(ana.shown().signing_key()));
    EXPECT_FALSE(ana.delivered(id));
    pass(minutes(1));
    EXPECT_FALSE(ana.delivered(id));
    act(node->accepted(messages[0].id, true));
    pump();
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, WhatTheStoreDidNotTakeMayComeAgain) {
    meet(ana);
    keeps = false;
    const std::string id = ana.say("hello");
    pump();
    EXPECT_FALSE(ana.delivered(id));
    keeps = true;
    ana.say_again();
    pump();
    EXPECT_TRUE(ana.delivered(id));
    EXPECT_EQ(messages.size(), 2u);
}

TEST_F(NodeTest, ARepeatIsProvedAgainAndNotHandedOverTwice) {
    meet(ana);
    is_lost = [](const std::string& packet, bool from_node) {
        return from_node && type_of(packet) == PacketType::Proof;
    };
    const std::string id = ana.say("hello");
    pump();
    EXPECT_FALSE(ana.delivered(id));
    is_lost = nullptr;
    ana.say_again();
    pump();
    EXPECT_TRUE(ana.delivered(id));
    EXPECT_EQ(messages.size(), 1u);
    EXPECT_EQ(node->counters().repeats, 1u);
}

// Both copies came while the store was at it: both are proved.
TEST_F(NodeTest, ARepeatWhileItIsUndecidedWaitsWithIt) {
    meet(ana);
    decides = false;
    const std::string id = ana.say("hello");
    ana.say_again();
    pump();
    ASSERT_EQ(messages.size(), 1u);
    const int before = packets_out;
    act(node->accepted(messages[0].id, true));
    EXPECT_EQ(packets_out, before + 2);
    pump();
    EXPECT_TRUE(ana.delivered(id));
}

// The box was killed between the commit and the proof: the sender says it again, and the office
// knows it by its id.
TEST_F(NodeTest, AfterAKillTheRepeatIsHandedOverUnderTheSameId) {
    meet(ana);
    decides = false;
    const std::string id = ana.say("hello");
    pump();
    restart();
    for (const auto& [on, peer] : at) act(node->interface_up(on, {"phone", 0}, now()));
    decides = true;
    ana.say_again();
    pump();
    pass(seconds(1));
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].id, messages[1].id);
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, WhoIsNotKnownIsAskedForAndBelievedOnlyThen) {
    act(node->interface_up(1, {"phone", 0}, now()));
    at[1] = &ana;
    pump();
    ana.answers_path_requests = false;
    const std::string id = ana.say("hello");
    pump();
    EXPECT_TRUE(messages.empty());
    EXPECT_FALSE(ana.delivered(id));
    ana.announce();
    pump();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, WhoNeverMakesHimselfKnownIsForgotten) {
    act(node->interface_up(1, {"phone", 0}, now()));
    at[1] = &ana;
    pump();
    ana.answers_path_requests = false;
    const std::string id = ana.say("hello");
    pass(minutes(2));
    EXPECT_EQ(node->counters().unknown, 1u);
    ana.announce();
    pump();
    EXPECT_TRUE(messages.empty());
    EXPECT_FALSE(ana.delivered(id));
    ana.say_again();
    pump();
    EXPECT_EQ(messages.size(), 1u);
}

TEST_F(NodeTest, AFloodOfUnknownSendersDoesNotFillTheAir) {
    act(node->interface_up(1, {"phone", 0}, now()));
    const std::string announce = on_air.at(0).bytes;
    on_air.clear();
    for (std::uint64_t i = 0; i < 100; ++i) {
        LxmfPeer stranger("x", 7000 + i);
        stranger.hears(announce);
        stranger.say("who am I");
        for (const std::string& packet : stranger.takes_out())
            act(node->received(1, packet, {}, now()));
    }
    EXPECT_TRUE(messages.empty());
    EXPECT_EQ(on_air.size(), 32u);
    EXPECT_EQ(node->counters().dropped, 68u);
}

TEST_F(NodeTest, WhatSomebodyElseSignedIsNotTaken) {
    meet(ana);
    ana.forges = true;
    const std::string id = ana.say("I am Ana");
    pass(seconds(5));
    EXPECT_TRUE(messages.empty());
    EXPECT_FALSE(ana.delivered(id));
    EXPECT_EQ(node->counters().forged, 1u);
}

TEST_F(NodeTest, RubbishIsCountedAndNotProved) {
    meet(ana);
    ana.say_bytes("no message at all");
    ana.say_bytes(std::string(90, '\xC1'));
    pump();
    EXPECT_EQ(node->counters().unreadable, 2u);
    act(node->received(1, "", {}, now()));
    act(node->received(1, std::string(600, 'x'), {}, now()));
    EXPECT_EQ(node->counters().unreadable, 4u);
    EXPECT_TRUE(messages.empty());
}

TEST_F(NodeTest, WhatIsForAnotherTransportNodeIsNotOurs) {
    meet(ana);
    ana.say("hello");
    for (const std::string& bytes : ana.takes_out()) {
        Packet packet = sent_through(*parse_packet(bytes), std::string(kHash, 't'));
        act(node->received(1, *packet_bytes(packet), {}, now()));
    }
    EXPECT_TRUE(messages.empty());
}

TEST_F(NodeTest, AFloodOfAnnouncesTakesNobodysPlace) {
    meet(ana);
    ana.say("hello");
    pump();
    ASSERT_FALSE(known.empty());
    for (std::uint64_t i = 0; i < Peers::kMostOthers + 500; ++i) {
        LxmfPeer stranger("x", 1000 + i);
        stranger.announce();
        for (const std::string& packet : stranger.takes_out())
            act(node->received(1, packet, {}, now()));
        box_now += milliseconds(1);
    }
    EXPECT_LE(node->peers().size(), Peers::kMostOthers + 1);
    EXPECT_NE(node->peers().find(ana.destination()), nullptr);
    send(ana, "still here");
    EXPECT_EQ(became(), Kind::Delivered);
}

TEST_F(NodeTest, WhatIsAttachedIsCountedAndNotKept) {
    meet(ana);
    ana.speaks = true;
    ana.file = std::string(100, 'p');
    ana.say("look");
    pump();
    ASSERT_EQ(messages.size(), 1u);
    ASSERT_EQ(messages[0].lxmf.files.size(), 1u);
    EXPECT_TRUE(messages[0].lxmf.files[0].data.empty());
    ASSERT_EQ(messages[0].lxmf.other_fields.size(), 1u);
    EXPECT_TRUE(messages[0].lxmf.other_fields.begin()->second.empty());
}

// Of what waits for its sender the files count twice: as they are signed, and as they were read.
TEST_F(NodeTest, FilesOfUnknownSendersAreBounded) {
    LxmfPeer carl("Carl", 3);
    for (LxmfPeer* peer : {&ana, &ben, &carl}) {
        at[++last_interface] = peer;
        act(node->interface_up(last_interface, {"phone", 0}, now()));
        pump();
        peer->answers_path_requests = false;
        peer->file = std::string(200'000, 'p');
        peer->say_on_link("look");
        pass(seconds(1));
    }
    EXPECT_TRUE(messages.empty());
    EXPECT_EQ(node->counters().dropped, 1u);
    for (LxmfPeer* peer : {&ana, &ben, &carl}) peer->announce();
    pump();
    EXPECT_EQ(messages.size(), 2u);
    at.clear();
}

TEST_F(NodeTest, FloodsOfMessagesAreBounded) {
    meet(ana);
    decides = false;
    for (int i = 0; i < 200; ++i) ana.say("flood " + std::to_string(i));
    pump();
    EXPECT_EQ(messages.size(), 64u);
    EXPECT_EQ(node->counters().dropped, 136u);
    act(node->interface_up(9, {"street", 0}, now()));
    const std::string announce = on_air.at(0).bytes;
    for (std::uint64_t i = 0; i < 100; ++i) {
        LxmfPeer stranger("x", 5000 + i);
        stranger.hears(announce);
        stranger.announce();
        stranger.say("flood");
        for (const std::string& packet : stranger.takes_out())
            act(node->received(9, packet, {}, now()));
    }
    EXPECT_EQ(messages.size(), 64u);
    EXPECT_EQ(node->counters().dropped, 236u);
    for (const MessageIn& each : std::exchange(messages, {})) act(node->accepted(each.id, true));
    ana.say("after");
    pump();
    EXPECT_EQ(messages.size(), 1u);
}

TEST_F(NodeTest, WhatChangesWithinAMinuteIsOnRecordAfterIt) {
    ana.has_ratchet = true;
    meet(ana);
    ana.say("hello");
    pump();
    ana.announce();
    pump();
    known.clear();
    ana.has_ratchet = false;
    ana.announce();
    pump();
    pass(seconds(59));
    EXPECT_TRUE(known.empty());
    pass(seconds(1));
    EXPECT_EQ(known, std::vector{ana.destination()});
    EXPECT_TRUE(node->peers().find(ana.destination())->ratchet.empty());
    pass(minutes(5));
    EXPECT_EQ(known.size(), 1u);
}

TEST_F(NodeTest, WhoIsKeptIsKnownAfterARestart) {
    meet(ana);
    ana.say("hello");
    pump();
    const std::string record = Peers::record(*node->peers().find(ana.destination()));
    restart();
    node->peers().load(ana.destination(), record);
    act(node->interface_up(1, {"phone", 0}, now()));
    ana.answers_path_requests = false;
    const std::string id = ana.say("again");
    pump();
    EXPECT_EQ(messages.size(), 2u);
    EXPECT_TRUE(ana.delivered(id));
    node->peers().load(ben.destination(), record);  // not his keys
    EXPECT_EQ(node->peers().find(ben.destination()), nullptr);
    for (const char* rubbish : {"", "zz", "00 - 1 2 3 4", "a b c d e f g"})
        node->peers().load(ben.destination(), rubbish);
    EXPECT_EQ(node->peers().find(ben.destination()), nullptr);
}

}  // namespace
}  // namespace waypost::reticulum
