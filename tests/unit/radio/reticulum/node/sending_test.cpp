// SPDX-License-Identifier: Apache-2.0
// What the node sends by single packets: ways, proofs, repeats, stamps.
#include "radio/reticulum/lxmf/stamp.h"
#include "radio/reticulum/node.h"
#include "radio/reticulum/wire/proof.h"
#include "tests/unit/radio/reticulum/node/bench.h"

namespace waypost::reticulum {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Kind = Outcome::Kind;

TEST_F(NodeTest, SendsASinglePacketAndTheProofEndsIt) {
    meet(ana);
    ana.proves = false;
    send(ana, "soup is ready");
    ASSERT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(ana.texts()[0], "soup is ready");
    EXPECT_TRUE(outcomes.empty());
    ana.proves = true;
    pass(seconds(20));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(outcomes[0].second.privacy, Privacy::ToRecipient);
    EXPECT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(ana.times(), 2);
    EXPECT_EQ(ana.links_answered(), 0);
}

TEST_F(NodeTest, EncryptsToTheRatchetThatWasAnnouncedLast) {
    ana.has_ratchet = true;
    meet(ana);
    send(ana, "sealed to a ratchet");
    ASSERT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
    ana.has_ratchet = false;
    pass(seconds(1));
    ana.announce();
    pump();
    send(ana, "sealed to the identity", 2);
    EXPECT_EQ(ana.texts().size(), 2u);
}

TEST_F(NodeTest, NobodyElseCanProveForTheRecipient) {
    meet(ana);
    meet(ben);
    ana.proves = false;
    std::string sent;
    is_lost = [&](const std::string& packet, bool from_node) {
        const auto parsed = parse_packet(packet);
        if (from_node && parsed->destination == ana.destination()) sent = packet;
        return false;
    };
    send(ana, "for Ana");
    ASSERT_FALSE(sent.empty());
    const auto other = seeded_random(5);
    const Packet forged =
        prove_packet(Identity::generate(*other), packet_hash(*parse_packet(sent)));
    act(node->received(2, *packet_bytes(forged), {}, now()));
    EXPECT_TRUE(outcomes.empty());
    EXPECT_EQ(node->counters().forged, 1u);
}

TEST_F(NodeTest, WithoutAProofItTriesFiveTimesAndTheVerdictMayComeLate) {
    meet(ana);
    std::vector<std::string> proofs_lost;
    is_lost = [&](const std::string& packet, bool from_node) {
        if (from_node || type_of(packet) != PacketType::Proof) return false;
        proofs_lost.push_back(packet);
        return true;
    };
    send(ana, "hello");
    pass(minutes(3));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Unknown);
    EXPECT_EQ(ana.times(), 5);
    EXPECT_EQ(ana.texts().size(), 1u);
    is_lost = nullptr;
    act(node->received(1, proofs_lost.back(), {}, now()));
    ASSERT_EQ(proofs.size(), 1u);
    EXPECT_EQ(proofs[0].second.kind, Proof::Kind::Delivered);
    EXPECT_EQ(proofs[0].first, wire_id_of(ana.destination(), 1'800'000'000'001));
    act(node->received(1, proofs_lost.back(), {}, now()));
    EXPECT_EQ(proofs.size(), 1u);
}

TEST_F(NodeTest, ARepeatAfterARestartIsTheSameMessageToItsReader) {
    meet(ana);
    ana.proves = false;
    send(ana, "once");
    restart();
    act(node->interface_up(1, {"phone", 0}, now()));
    ana.announce();
    pump();
    ana.proves = true;
    send(ana, "once");
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(ana.texts().size(), 1u);
    EXPECT_EQ(ana.times(), 2);
}

TEST_F(NodeTest, AsksForAWayThatItDoesNotKnow) {
    act(node->interface_up(1, {"phone", 0}, now()));
    at[1] = &ana;
    pump();
    send(ana, "found");
    EXPECT_EQ(became(), Kind::Delivered);
}

// He was not known when it began: he matters from the moment that he is.
TEST_F(NodeTest, WhoIsWrittenToIsKept) {
    act(node->interface_up(1, {"phone", 0}, now()));
    at[1] = &ana;
    send(ana, "found");
    EXPECT_TRUE(node->peers().is_kept(ana.destination()));
    ASSERT_FALSE(known.empty());
    // Her record is written again for what changes, but not all the time.
    known.clear();
    for (int i = 0; i < 3000; ++i) ana.announce();  // three seconds of its clock
    pump();
    EXPECT_EQ(known.size(), 1u);
}

TEST_F(NodeTest, GivesUpForAWhileWhereNobodyKnowsAWay) {
    act(node->interface_up(1, {"phone", 0}, now()));
    at[1] = &ana;
    ana.answers_path_requests = false;
    pump();
    send(ana, "lost");
    pass(seconds(45));
    EXPECT_TRUE(outcomes.empty());
    pass(seconds(5));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Retry);
    EXPECT_EQ(outcomes[0].second.retry_after, seconds(120));
    EXPECT_TRUE(ana.texts().empty());
}

TEST_F(NodeTest, WithoutAnInterfaceNothingIsTried) {
    send(ana, "nowhere");
    EXPECT_TRUE(outcomes.empty());
    pass(seconds(8));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::NotTried);
}

TEST_F(NodeTest, AnInterfaceThatComesSoonIsWaitedFor) {
    send(ana, "in a moment");
    pass(seconds(3));
    meet(ana);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
}

TEST_F(NodeTest, TheShorterWayOfOneAnnounceIsKept) {
    meet(ana);
    pass(seconds(2));
    ana.announce();
    const Packet near = *parse_packet(ana.takes_out().at(0));
    act(node->received(1, *packet_bytes(near), {}, now()));
    act(node->interface_up(9, {"far", 0}, now()));
    Packet cached = near;
    cached.hops = 4;
    cached.transport_id = std::string(kHash, 't');
    cached.transport = true;
    cached.context = Context::PathResponse;
    act(node->received(9, *packet_bytes(cached), {}, now()));
    EXPECT_EQ(node->peers().find(ana.destination())->path->interface, 1);
    act(node->interface_down(1, now()));
    act(node->received(9, *packet_bytes(cached), {}, now()));
    EXPECT_EQ(node->peers().find(ana.destination())->path->hops, 5);
}

TEST_F(NodeTest, WhatTheCarrierDoesNotTakeIsNotTried) {
    meet(ana);
    air_is_shut = Carrier::Took::NoAirtime;
    send(ana, "no air");
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::NotTried);
    EXPECT_EQ(outcomes[0].second.code, kNoAirtime);
    EXPECT_EQ(outcomes[0].second.retry_after, seconds(40));
    air_is_shut = Carrier::Took::NoRoom;
    send(ana, "later", 2);
    EXPECT_EQ(outcomes.size(), 1u);
    air_is_shut.reset();
    pass(seconds(5));
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(became(1), Kind::Delivered);
}

TEST_F(NodeTest, GoesThroughTheTransportNodeThatTheAnnounceCameBy) {
    act(node->interface_up(1, {"far", 0}, now()));
    const std::string transport(kHash, 't');
    ana.announce();
    for (const std::string& bytes : ana.takes_out()) {
        Packet packet = *parse_packet(bytes);
        packet.hops = 2;
        packet.transport_id = transport;
        packet.transport = true;
        act(node->received(1, *packet_bytes(packet), {}, now()));
    }
    on_air.clear();
    Outgoing out;
    out.attempt = {1, 1};
    out.to = ana.destination();
    out.wire_id = "w";
    out.text = "far away";
    act(node->send(out, now()));
    ASSERT_EQ(on_air.size(), 1u);
    const Packet sent = *parse_packet(on_air[0].bytes);
    EXPECT_EQ(sent.transport_id, transport);
    EXPECT_TRUE(sent.transport);
}

// Whoever says an old announce again does not get the messages.
TEST_F(NodeTest, AnOldAnnounceDoesNotTurnTheWay) {
    meet(ana);
    ana.announce();
    const std::string old = ana.takes_out().at(0);
    for (int i = 0; i < 2000; ++i) ana.announce();  // two seconds of its clock
    const auto newer = ana.takes_out();
    act(node->received(1, newer.back(), {}, now()));
    act(node->interface_up(9, {"eve", 0}, now()));
    act(node->received(9, old, {}, now()));
    ASSERT_NE(node->peers().find(ana.destination()), nullptr);
    EXPECT_EQ(node->peers().find(ana.destination())->path->interface, 1);
}

TEST_F(NodeTest, AStampIsMadeWhereOneIsAskedFor) {
    ana.stamp_cost = 4;
    meet(ana);
    send(ana, "with a stamp");
    ASSERT_EQ(stamps.size(), 1u);
    EXPECT_EQ(stamps[0].cost, 4);
    EXPECT_TRUE(ana.texts().empty());
    const StampWork work(stamps[0].id);
    act(node->stamped(stamps[0].wire_id, work.make(4, *random, 10'000), now()));
    pump();
    EXPECT_EQ(ana.stamps(), 1);
    EXPECT_EQ(became(), Kind::Delivered);
    send(ana, "another", 2);
    act(node->stamped(stamps.at(1).wire_id, std::nullopt, now()));
    EXPECT_EQ(became(1), Kind::Retry);
}

TEST_F(NodeTest, WhoAsksForMoreMeanwhileGetsAnotherStamp) {
    ana.stamp_cost = 4;
    meet(ana);
    ana.proves = false;
    send(ana, "with stamps");
    const auto stamp = [this](std::size_t which) {
        const StampWork work(stamps.at(which).id);
        act(node->stamped(stamps[which].wire_id, work.make(stamps[which].cost, *random, 100'000),
                          now()));
        pump();
    };
    // While the first is made.
    ana.stamp_cost = 6;
    ana.announce();
    pump();
    stamp(0);
    EXPECT_EQ(ana.times(), 0);
    ASSERT_EQ(stamps.size(), 2u);
    EXPECT_EQ(stamps[1].cost, 6);
    stamp(1);
    EXPECT_EQ(ana.stamps(), 1);
    // After it left with one.
    ana.stamp_cost = 8;
    ana.announce();
    pump();
    pass(seconds(20));
    ASSERT_EQ(stamps.size(), 3u);
    ana.proves = true;
    stamp(2);
    EXPECT_EQ(ana.stamps(), 2);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Delivered);
    EXPECT_EQ(ana.texts().size(), 1u);
}

TEST_F(NodeTest, AStampThatCostsTooMuchFailsClearly) {
    ana.stamp_cost = 30;
    meet(ana);
    send(ana, "too dear");
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(became(), Kind::Failed);
    EXPECT_NE(outcomes[0].second.detail.find("30 bits"), std::string::npos);
    EXPECT_TRUE(stamps.empty());
}

TEST_F(NodeTest, WhatIsUnderWayIsGivenBack) {
    act(node->interface_up(1, {"phone", 0}, now()));
    send(ben, "not yet");
    meet(ana);
    ana.proves = false;
    send(ana, "on its way", 2);
    act(node->give_back());
    ASSERT_EQ(outcomes.size(), 2u);
    for (const auto& [attempt, outcome] : outcomes)
        EXPECT_EQ(outcome.kind, attempt.delivery == 1 ? Kind::NotTried : Kind::Unknown);
    EXPECT_EQ(node->under_way(), 0u);
}

TEST(WireIds, HaveTheTimeInThem) {
    const std::string id = wire_id_of(std::string(kHash, '\x0a'), 1'800'000'000'123);
    EXPECT_EQ(time_in(id), 1'800'000'000'123);
    for (const char* bad : {"", ".", "abc", "00.", "00.xyz", "00.0123456789abcdef0", "00.0A",
                            "00.-1", "00. 1", "00.0x1"})
        EXPECT_EQ(time_in(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace waypost::reticulum
