// SPDX-License-Identifier: Apache-2.0
// The node's links, and messages that are longer than a packet.
#include "radio/reticulum/node.h"
#include "tests/unit/radio/reticulum/node/bench.h"

namespace waypost::reticulum {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = Outcome::Kind;

// That bzip2 makes nothing of.
std::string long_text(std::size_t bytes) {
    const auto chance = seeded_random(3);
    std::string text;
    while (text.size() < bytes) text += chance->hex(16);
    text.resize(bytes);
    return text;
}

TEST_F(NodeTest, TakesAMessageOnALink) {
    meet(ana);
    decides = false;
    const std::string id = ana.say_on_link(long_text(300), "soup");
    pump();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].lxmf.content, long_text(300));
    EXPECT_EQ(messages[0].lxmf.title, "soup");
    EXPECT_FALSE(ana.delivered(id));
    act(node->accepted(messages[0].id, true));
    pump();
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, TakesALongMessageAndProvesItOnceItIsKept) {
    meet(ana);
    decides = false;
    const std::string text = long_text(20'000);
    const std::string id = ana.say_on_link(text);
    pass(seconds(5));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].lxmf.content, text);
    EXPECT_FALSE(ana.delivered(id));
    act(node->accepted(messages[0].id, true));
    pump();
    EXPECT_TRUE(ana.delivered(id));
}

// As the reference program asks that has sent all parts.
TEST_F(NodeTest, AProofOfTheWholeThatWasLostIsSaidAgain) {
    meet(ana);
    std::string lost;
    is_lost = [&](const std::string& packet, bool from_node) {
        if (!from_node || parse_packet(packet)->context != Context::ResourceProof) return false;
        lost = packet_hash(*parse_packet(packet));
        return true;
    };
    const std::string id = ana.say_on_link(long_text(3'000));
    pump();
    ASSERT_FALSE(lost.empty());
    EXPECT_FALSE(ana.delivered(id));
    is_lost = nullptr;
    ana.ask_for_proof(std::string(kFullHash, 'x'));
    pump();
    EXPECT_FALSE(ana.delivered(id));
    ana.ask_for_proof(lost);
    pump();
    EXPECT_TRUE(ana.delivered(id));
    EXPECT_EQ(messages.size(), 1u);
}

TEST_F(NodeTest, ALongMessageSurvivesALossyAir) {
    meet(ana);
    int count = 0;
    is_lost = [&](const std::string&, bool) { return ++count % 7 == 0; };
    const std::string text = long_text(20'000);
    std::string id;
    // The link request itself may be lost; people say it again then.
    for (int tries = 0; tries < 5 && messages.empty(); ++tries) {
        ana.close_link();
        id = ana.say_on_link(text);
        pass(minutes(3));
    }
    ASSERT_GE(messages.size(), 1u);
    EXPECT_EQ(messages[0].lxmf.content, text);
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, ALongMessageThatTheStoreDidNotTakeMayComeAgain) {
    meet(ana);
    keeps = false;
    const std::string id = ana.say_on_link(long_text(3'000));
    pump();
    ASSERT_EQ(messages.size(), 1u);
    keeps = true;
    EXPECT_FALSE(ana.delivered(id));
    pass(minutes(2));
    EXPECT_EQ(messages.size(), 2u);
    EXPECT_TRUE(ana.delivered(id));
}

TEST_F(NodeTest, WhoSaidWhoHeIsDoesNotBecomeSomebodyElse) {
    meet(ana);
    ana.say_on_link(long_text(300));
    pump();
    ana.identify();
    pump();
    ana.identify_as_other();
    pump();
    send(ana, long_text(400));
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(ana.links_answered(), 0);
}

TEST_F(NodeTest, WhatIsTooLargeIsRefused) {
    meet(ana);
    const std::string id = ana.say_on_link(long_text(300'000));
    pass(seconds(30));
    EXPECT_TRUE(messages.empty());
    EXPECT_FALSE(ana.delivered(id));
    EXPECT_GE(node->counters().dropped, 1u);
}

TEST_F(NodeTest, AForgedLongMessageIsNotProved) {
    meet(ana);
    ana.forges = true;
    const std::string id = ana.say_on_link(long_text(3'000));
    pass(seconds(10));
    EXPECT_TRUE(messages.empty());
    EXPECT_FALSE(ana.delivered(id));
    EXPECT_GE(node->counters().forged, 1u);
}

TEST_F(NodeTest, SendsByALinkWhatDoesNotFitIntoAPacket) {
    meet(ana);
    send(ana, long_text(300));
    ASSERT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(ana.links_answered(), 1);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(outcomes[0].second.privacy, Privacy::ToRecipient);
    send(ana, long_text(310), 2);
    EXPECT_EQ(ana.texts().size(), 2u);
    EXPECT_EQ(ana.links_answered(), 1);  // the same one
    EXPECT_EQ(node->links(), 1u);
    pass(minutes(2));
    EXPECT_EQ(node->links(), 0u);
}

TEST_F(NodeTest, SendsALongMessageAsAResource) {
    meet(ana);
    const std::string text = long_text(9'000);
    ana.proves = false;
    send(ana, text);
    pass(seconds(2));
    EXPECT_TRUE(outcomes.empty());
    ana.proves = true;
    pass(minutes(5));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
    ASSERT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(ana.texts()[0], text);
}

// All that carries it may take of the airtime that is kept for alarms.
TEST_F(NodeTest, ALongAlarmIsAnAlarmInEachOfItsPackets) {
    meet(ana);
    const int before = packets_out;
    send(ana, long_text(2'000), 1, true);
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_GT(alarms_out, 5);
    EXPECT_EQ(alarms_out, packets_out - before);
}

TEST_F(NodeTest, SeveralLongMessagesGoOneAfterTheOther) {
    meet(ana);
    for (int i = 1; i <= 4; ++i) send(ana, std::to_string(i) + long_text(5'000), i);
    pass(minutes(1));
    ASSERT_EQ(outcomes.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(became(i), Kind::Delivered);
    EXPECT_EQ(ana.texts().size(), 4u);
    EXPECT_EQ(ana.links_answered(), 1);
}

TEST_F(NodeTest, WhereNoLinkOpensNothingHasLeft) {
    meet(ana);
    ana.answers_links = false;
    send(ana, long_text(1'000));
    pass(minutes(5));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Retry);
    EXPECT_EQ(node->links(), 0u);
}

TEST_F(NodeTest, ALinkOnWhichNothingComesBackIsGivenUp) {
    meet(ana);
    send(ana, long_text(300));
    ASSERT_EQ(node->links(), 1u);
    const std::string proofless = long_text(305);
    ana.proves = false;
    send(ana, proofless, 2);
    pass(minutes(4));
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::Unknown);
    EXPECT_GE(ana.links_answered(), 2);
}

TEST_F(NodeTest, WhatWasOnALinkGoesOnWithoutIt) {
    meet(ana);
    send(ana, long_text(300));
    ana.proves = false;
    send(ana, "a short one on the open link", 2);
    EXPECT_EQ(ana.texts().size(), 2u);
    at[++last_interface] = &ana;  // her program came again before the old line was missed
    act(node->interface_up(last_interface, {"phone again", 0}, now()));
    at.erase(1);
    ana.announce();
    pump();
    ana.proves = true;
    act(node->interface_down(1, now()));
    pump();
    EXPECT_EQ(node->links(), 0u);
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::Delivered);
    EXPECT_EQ(ana.texts().size(), 2u);
    EXPECT_EQ(ana.times(), 3);
}

TEST_F(NodeTest, WithItsOnlyInterfaceGoneItEndsWithoutAVerdict) {
    meet(ana);
    send(ana, long_text(300));
    ana.proves = false;
    send(ana, "a short one on the open link", 2);
    act(node->interface_down(1, now()));
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::Unknown);
}

TEST_F(NodeTest, AnswersGoByTheLinkOfWhoSaidWhoHeIs) {
    meet(ana);
    ana.say_on_link(long_text(300));
    pump();
    ana.identify();
    pump();
    send(ana, long_text(400));
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(ana.links_answered(), 0);
    ana.close_link();
    pump();
    EXPECT_EQ(node->links(), 0u);
}

TEST_F(NodeTest, LinksOfOthersAreBoundedAndForgotten) {
    meet(ana);
    for (int i = 0; i < 100; ++i) {
        ana.say_on_link("x");
        pump();
        ana.close_link();
        ana.takes_out();  // the closing is lost
    }
    EXPECT_LE(node->links(), 16u);
    EXPECT_EQ(messages.size(), 100u);
    pass(minutes(13), seconds(10));
    EXPECT_EQ(node->links(), 0u);
}

TEST_F(NodeTest, ALinkIsKeptAliveWhileALongMessageWaits) {
    meet(ana);
    send(ana, long_text(300));
    ana.proves = false;
    send(ana, long_text(3'000), 2);
    const int before = packets_out;
    int keepalives = 0;
    is_lost = [&](const std::string& packet, bool from_node) {
        keepalives += from_node && parse_packet(packet)->context == Context::Keepalive ? 1 : 0;
        return false;
    };
    pass(seconds(40));
    EXPECT_GT(packets_out, before);
    EXPECT_GE(keepalives, 6);
    EXPECT_EQ(ana.texts().size(), 2u);
}

TEST_F(NodeTest, AnIdleLinkIsKeptAliveAndADeadOneIsClosed) {
    meet(ana);
    send(ana, long_text(300));
    int keepalives = 0;
    bool is_gone = false;
    is_lost = [&](const std::string& packet, bool from_node) {
        keepalives += from_node && parse_packet(packet)->context == Context::Keepalive ? 1 : 0;
        return is_gone;
    };
    pass(seconds(21));
    EXPECT_EQ(keepalives, 4);  // every 5 s on a fast link
    EXPECT_EQ(node->links(), 1u);
    is_gone = true;
    pass(seconds(13));
    EXPECT_EQ(node->links(), 1u);
    pass(seconds(2));
    EXPECT_EQ(node->links(), 0u);
}

// Its Resource ends with it, and is in nobody's way.
TEST_F(NodeTest, WhatIsNotTriedDoesNotGoOnOnTheLink) {
    meet(ana);
    send(ana, long_text(300));
    air_is_shut = Carrier::Took::NoAirtime;
    send(ana, long_text(3'000), 2);
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::NotTried);
    air_is_shut.reset();
    pass(minutes(1));
    EXPECT_EQ(ana.texts().size(), 1u);
}

TEST_F(NodeTest, WhatWaitsBehindALongMessageGoesWhenThatOneEnds) {
    meet(ana);
    ana.proves = false;
    send(ana, long_text(3'000));
    const std::string next = long_text(3'100);
    send(ana, next, 2);
    EXPECT_EQ(ana.texts().size(), 1u);
    ana.proves = true;
    act(node->not_sent(wire_id_of(ana.destination(), 1'800'000'000'001), Carrier::Took::NoLine, {},
                       now()));
    pump();
    EXPECT_EQ(ana.texts().size(), 1u);
    pass(seconds(1));
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::Delivered);
    ASSERT_EQ(ana.texts().size(), 2u);
    EXPECT_EQ(ana.texts()[1], next);
}

// Whichever packet is lost, once: the request, its proof, the first word on the link, an
// advertisement, a request for parts, a part, the proof of the whole.
TEST_F(NodeTest, NoSinglePacketIsSoPreciousThatALongMessageIsLost) {
    const std::string text = long_text(2'500);
    for (int lost = 0; lost < 24; ++lost) {
        LxmfPeer carl("Carl", 300 + static_cast<std::uint64_t>(lost));
        restart();
        at.clear();
        meet(carl);
        int count = 0;
        is_lost = [&](const std::string&, bool) { return count++ == lost; };
        send(carl, text);
        pass(minutes(4), seconds(1));
        EXPECT_EQ(carl.texts().size(), 1u) << "without packet " << lost;
        ASSERT_EQ(outcomes.size(), 1u) << "without packet " << lost;
        EXPECT_EQ(became(), Kind::Delivered) << "without packet " << lost;
        is_lost = nullptr;
    }
    at.clear();
}

TEST_F(NodeTest, OrOneOfTheOtherDirection) {
    const std::string text = long_text(2'500);
    for (int lost = 3; lost < 24; ++lost) {  // who asks for a link repeats the request himself
        LxmfPeer carl("Carl", 400 + static_cast<std::uint64_t>(lost));
        restart();
        messages.clear();
        at.clear();
        meet(carl);
        int count = 0;
        is_lost = [&](const std::string&, bool) { return count++ == lost; };
        const std::string id = carl.say_on_link(text);
        pass(minutes(4), seconds(1));
        EXPECT_EQ(messages.size(), 1u) << "without packet " << lost;
        EXPECT_TRUE(carl.delivered(id)) << "without packet " << lost;
        is_lost = nullptr;
    }
    at.clear();
}

}  // namespace
}  // namespace waypost::reticulum
