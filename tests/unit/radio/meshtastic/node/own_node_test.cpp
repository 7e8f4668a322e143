// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/own_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/radio/meshtastic/node/other_node.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class OwnNodeTest : public testing::Test {
  protected:
    static ChannelKey village(int precision = 13) {
        return *channel_key("Village", "0123456789abcdef", precision);
    }
    static OwnNodeOptions options() {
        OwnNodeOptions options;
        options.name = "Hill post";
        options.short_name = "Hill";
        options.channels = {village()};
        return options;
    }
    NodeActions meet() { return node.received(ana.who("Ana"), now); }
    Outgoing letter(std::uint32_t packet_id = 500) {
        Outgoing out;
        out.attempt = {1, 1};
        out.packet_id = packet_id;
        out.to = ana.number();
        out.text = "come home";
        return out;
    }

    std::unique_ptr<Random> random = seeded_random(3);
    OwnNode node{options(), NodeKey::make(), *random};
    OtherNode ana{village()};
    BoxTime now{minutes(10)};
};

TEST_F(OwnNodeTest, SaysWhoItIsSoThatHandheldsCanSealToIt) {
    const NodeActions told = node.announce(now);
    ASSERT_EQ(told.send.size(), 1u);
    EXPECT_EQ(told.send[0].channel, "Village");
    const pb::Data data = ana.reads(told.send[0].sealed);
    pb::User user;
    ASSERT_TRUE(user.ParseFromString(data.payload()));
    EXPECT_EQ(user.long_name(), "Hill post");
    EXPECT_EQ(user.public_key(), node.key().public_key());
    EXPECT_EQ(number_of(user.public_key()), node.number());
    EXPECT_EQ(data.bitfield() & 1, 1u);  // this may be on a broker: it came by one
    EXPECT_TRUE(node.tick(now + minutes(179)).send.empty());
    EXPECT_EQ(node.tick(now + minutes(181)).send.size(), 1u);
}

TEST_F(OwnNodeTest, WhoIsNewLearnsThatItIsThereAndAFloodOfThemCostsLittle) {
    const NodeActions met = meet();
    ASSERT_EQ(met.send.size(), 1u);
    EXPECT_EQ(ana.reads(met.send[0].sealed).portnum(), kNodeInfo);
    EXPECT_TRUE(meet().send.empty());
    EXPECT_TRUE(node.received(ana.who("Ana", true), now + seconds(30)).send.empty());
    EXPECT_EQ(node.received(ana.who("Ana", true), now + seconds(90)).send.size(), 1u);
    std::size_t told = 0;
    for (int i = 0; i < 300; ++i) {
        OtherNode other{village()};
        told += node.received(other.who("X", i % 2 == 0), now).send.size();
    }
    EXPECT_LE(told, 200u);
}

TEST_F(OwnNodeTest, ADirectMessageIsAckedOnceItIsOnDiskAndNotBefore) {
    meet();
    const auto packet = ana.sealed(node.number(), node.key().public_key(), "bob: hello");
    NodeActions got = node.received(packet, now);
    ASSERT_EQ(got.texts.size(), 1u);
    EXPECT_EQ(got.texts[0].text, "bob: hello");
    EXPECT_TRUE(got.texts[0].direct);
    EXPECT_TRUE(got.texts[0].sealed);
    EXPECT_EQ(got.texts[0].key, ana.key.public_key());
    EXPECT_TRUE(got.send.empty());
    const NodeActions acked = node.accepted(ana.number(), packet.id(), true, now);
    ASSERT_EQ(acked.send.size(), 1u);
    const pb::Data data = ana.reads(acked.send[0].sealed);
    EXPECT_EQ(data.portnum(), kRouting);
    EXPECT_EQ(data.request_id(), packet.id());
    pb::Routing routing;
    ASSERT_TRUE(routing.ParseFromString(data.payload()));
    EXPECT_TRUE(routing.has_error_reason());
    EXPECT_EQ(routing.error_reason(), 0u);
}

TEST_F(OwnNodeTest, WhatSeveralGatewaysBringIsTakenOnceAndAckedAgainLater) {
    meet();
    const auto packet = ana.sealed(node.number(), node.key().public_key(), "hello");
    EXPECT_EQ(node.received(packet, now).texts.size(), 1u);
    node.accepted(ana.number(), packet.id(), true, now);
    for (int gateway = 0; gateway < 9; ++gateway) {
        const NodeActions again = node.received(packet, now + seconds(1));
        EXPECT_TRUE(again.texts.empty() && again.send.empty());
    }
    EXPECT_EQ(node.counters().repeats, 9u);
    EXPECT_EQ(node.received(packet, now + seconds(30)).send.size(), 1u);  // she has not heard it
}

TEST_F(OwnNodeTest, WhatTheStoreDidNotTakeMayComeAgain) {
    meet();
    const auto packet = ana.sealed(node.number(), node.key().public_key(), "hello");
    node.received(packet, now);
    EXPECT_TRUE(node.accepted(ana.number(), packet.id(), false, now).send.empty());
    EXPECT_EQ(node.received(packet, now).texts.size(), 1u);
}

TEST_F(OwnNodeTest, WhoSealsWithAKeyThatIsNotKnownIsAskedWhoHeIs) {
    const auto packet = ana.sealed(node.number(), node.key().public_key(), "hello");
    const NodeActions refused = node.received(packet, now);
    EXPECT_TRUE(refused.texts.empty());
    ASSERT_EQ(refused.send.size(), 2u);
    pb::Routing routing;
    routing.ParseFromString(ana.reads(refused.send[0].sealed).payload());
    EXPECT_EQ(routing.error_reason(), kPkiUnknownKey);
    EXPECT_TRUE(ana.reads(refused.send[1].sealed).want_response());
    EXPECT_TRUE(node.received(packet, now + seconds(1)).send.empty());  // not for each packet
    meet();
    EXPECT_EQ(node.received(ana.sealed(node.number(), node.key().public_key(), "hello"), now)
                  .texts.size(),
              1u);
}

TEST_F(OwnNodeTest, ALetterIsSealedAndDeliveredOnlyByTheAddresseesOwnAck) {
    meet();
    const NodeActions sent = node.send(letter(), now);
    ASSERT_EQ(sent.send.size(), 1u);
    EXPECT_EQ(sent.send[0].channel, kPki);
    EXPECT_EQ(sent.send[0].open, "");  // never in clear
    EXPECT_EQ(ana.reads(sent.send[0].sealed, node.key().public_key()).payload(), "come home");
    OtherNode mallory{village()};
    EXPECT_TRUE(node.received(mallory.routing(node.number(), 500, kNone), now).outcomes.empty());
    EXPECT_TRUE(node.received(ana.routing(77, 500, kNone), now).outcomes.empty());
    const NodeActions ended = node.received(ana.routing(node.number(), 500, kNone), now);
    ASSERT_EQ(ended.outcomes.size(), 1u);
    EXPECT_EQ(ended.outcomes[0].second.kind, Outcome::Kind::Delivered);
    EXPECT_EQ(ended.outcomes[0].second.privacy, Privacy::ToRecipient);
    // Stronger evidence of an attempt that has ended.
    EXPECT_EQ(node.received(ana.routing(node.number(), 500, kNone), now).proofs.size(), 1u);
}

TEST_F(OwnNodeTest, WithoutAnAckItGoesThreeTimesUnderOneIdAndIsTriedAgainLater) {
    meet();
    const std::string first = node.send(letter(), now).send[0].sealed;
    EXPECT_TRUE(node.tick(now + seconds(19)).send.empty());
    const NodeActions second = node.tick(now + seconds(21));
    ASSERT_EQ(second.send.size(), 1u);
    EXPECT_EQ(second.send[0].sealed, first);
    EXPECT_EQ(node.tick(now + seconds(42)).send.size(), 1u);
    EXPECT_TRUE(node.tick(now + seconds(63)).send.empty());
    const NodeActions over = node.tick(now + seconds(76));
    ASSERT_EQ(over.outcomes.size(), 1u);
    EXPECT_EQ(over.outcomes[0].second.kind, Outcome::Kind::Retry);
}

TEST_F(OwnNodeTest, WithoutAKeyNothingIsSaidInTheOpen) {
    const NodeActions asked = node.send(letter(), now);
    ASSERT_EQ(asked.send.size(), 1u);
    EXPECT_EQ(ana.reads(asked.send[0].sealed).portnum(), kNodeInfo);
    ASSERT_EQ(asked.outcomes.size(), 1u);
    EXPECT_EQ(asked.outcomes[0].second.kind, Outcome::Kind::Retry);
}

TEST_F(OwnNodeTest, WithoutALineItWasNotTried) {
    meet();
    node.send(letter(), now);
    const NodeActions lost = node.not_sent(500);
    ASSERT_EQ(lost.outcomes.size(), 1u);
    EXPECT_EQ(lost.outcomes[0].second.kind, Outcome::Kind::NotTried);
    EXPECT_TRUE(node.tick(now + minutes(5)).send.empty());
}

TEST_F(OwnNodeTest, AKeyThatSomebodyElseSaysIsNotUsedUntilItIsProven) {
    meet();
    OtherNode mallory{village()};
    const NodeActions said = node.received(ana.who("Ana", false, mallory.key.public_key()), now);
    ASSERT_EQ(said.heard.size(), 1u);  // the office is told, and holds what goes to her
    EXPECT_EQ(said.heard[0].second.public_key, mallory.key.public_key());
    const NodeActions sent = node.send(letter(), now);
    EXPECT_EQ(ana.reads(sent.send[0].sealed, node.key().public_key()).payload(), "come home");
    // A new radio under her number: what it seals proves that it has the key.
    pb::MeshPacket packet = ana.head(node.number());
    pb::Data data;
    data.set_portnum(kText);
    data.set_payload("my new radio");
    packet.set_encrypted(mallory.key.seal(node.key().public_key(), ana.number(), packet.id(), 1,
                                          data.SerializeAsString()));
    const NodeActions proven = node.received(packet, now);
    ASSERT_EQ(proven.texts.size(), 1u);
    EXPECT_EQ(proven.texts[0].key, mallory.key.public_key());
}

TEST_F(OwnNodeTest, TheRulesOfTheNetwork) {
    pb::MeshPacket packet = ana.says(kBroadcast, kAlert, "SOS");
    packet.set_hop_limit(8);
    EXPECT_TRUE(node.received(packet, now).texts.empty());
    packet.set_hop_limit(3);
    packet.set_from(kBroadcast);
    EXPECT_TRUE(node.received(packet, now).texts.empty());
    packet.set_from(0);
    EXPECT_TRUE(node.received(packet, now).texts.empty());
    packet.set_from(node.number());
    EXPECT_TRUE(node.received(packet, now).texts.empty());
    EXPECT_TRUE(node.received(ana.says(node.number(), kAdmin, "x"), now).heard.empty());
    pb::MeshPacket open = ana.head(kBroadcast);
    open.mutable_decoded()->set_portnum(kAlert);
    open.mutable_decoded()->set_payload("SOS");
    EXPECT_TRUE(node.received(open, now).texts.empty());
    EXPECT_EQ(node.counters().refused, 5u);
    const NodeActions good = node.received(ana.says(kBroadcast, kAlert, "SOS"), now);
    ASSERT_EQ(good.texts.size(), 1u);
    EXPECT_TRUE(good.texts[0].alert);
    EXPECT_FALSE(good.texts[0].direct);
}

TEST_F(OwnNodeTest, OtherKeysAndRubbishAreNoPackets) {
    OtherNode other{*channel_key("Village", "another key here")};
    EXPECT_TRUE(node.received(other.says(kBroadcast, kAlert, "SOS"), now).texts.empty());
    for (int i = 0; i < 500; ++i) {
        pb::MeshPacket packet = ana.head(random->below(2) == 0 ? node.number() : kBroadcast);
        std::string bytes;
        for (std::uint64_t n = random->below(240); n > 0; --n)
            bytes += static_cast<char>(random->next());
        packet.set_encrypted(bytes);
        packet.set_channel(random->below(2) == 0 ? 0 : village().hash);
        EXPECT_TRUE(node.received(packet, now).outcomes.empty());
    }
}

TEST_F(OwnNodeTest, PositionsAreNoFinerThanTheChannelAsks) {
    pb::Position exact;
    exact.set_latitude_i(471234567);
    exact.set_longitude_i(115678901);
    const auto said = ana.says(kBroadcast, kPosition, exact.SerializeAsString());
    const NodeActions got = node.received(said, now);
    ASSERT_EQ(got.heard.size(), 1u);
    ASSERT_TRUE(got.heard[0].second.place);
    EXPECT_GT(got.heard[0].second.place->metres, 2000);
    EXPECT_NE(got.heard[0].second.place->latitude, 47.1234567);
    OwnNodeOptions with_place = options();
    with_place.channels = {village(0)};
    with_place.place = GeoPoint{47.1, 11.5};
    OwnNode silent(with_place, NodeKey::make(), *random);
    EXPECT_EQ(silent.announce(now).send.size(), 1u);  // who it is, and not where
    with_place.channels = {village(13)};
    OwnNode tells(with_place, NodeKey::make(), *random);
    EXPECT_EQ(tells.announce(now).send.size(), 2u);
}

TEST_F(OwnNodeTest, NodesAreRememberedAndBounded) {
    meet();
    const KnownNode* known = node.nodes().find(ana.number());
    ASSERT_NE(known, nullptr);
    Nodes later;
    later.load(ana.number(), Nodes::record(*known));
    EXPECT_EQ(later.find(ana.number())->key, ana.key.public_key());
    EXPECT_EQ(later.find(ana.number())->name, "Ana");
    later.load(5, "rubbish");
    EXPECT_EQ(later.find(5), nullptr);
    for (std::uint32_t i = 10; i < 10 + Nodes::kMost + 50; ++i) later.at(i);
    EXPECT_LE(later.size(), Nodes::kMost);
}

}  // namespace
}  // namespace waypost::meshtastic
