// SPDX-License-Identifier: Apache-2.0
// What passes between a radio and a broker, and all that does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "village.h"

namespace waypost::meshtastic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RulesTest : public testing::Test {
  protected:
    Result<GoesUp> up(const FromDevice& message) {
        const GatewayRadio roof = radio_of(std::make_shared<BrokerFacts>(facts));
        const auto heard = GatewayRules::heard(facts, message);
        if (!heard.ok()) return heard.error();
        return GatewayRules(bounds).up(roof, *heard, message.payload, 1'700'000'000);
    }
    std::string why_not(const FromDevice& message) {
        const auto goes = up(message);
        return goes.ok() ? "it goes" : goes.error().text;
    }
    Result<GoesDown> down(const mqtt::MqttMessage& message) {
        return GatewayRules(bounds).down(message);
    }
    std::string why_not(const mqtt::MqttMessage& message) {
        const auto goes = down(message);
        return goes.ok() ? "it goes" : goes.error().text;
    }
    static pb::MeshPacket packet_in(const GoesDown& goes) {
        pb::ServiceEnvelope envelope;
        EXPECT_TRUE(envelope.ParseFromString(goes.item.envelope));
        return envelope.packet();
    }

    GatewayBounds bounds = village_bounds();
    BrokerFacts facts = roof_facts();
    OtherNode ana{village_key()};
};

TEST_F(RulesTest, WhatItHeardGoesUpAsItWas) {
    const FromDevice heard = handed(said(ana, "come to the ford"));
    const auto goes = up(heard);
    ASSERT_TRUE(goes.ok()) << goes.error().text;
    ASSERT_TRUE(goes->envelope);
    EXPECT_EQ(goes->envelope->topic, "msh/EU_868/2/e/Village/!54d467a9");
    EXPECT_EQ(goes->envelope->payload, heard.payload);
    EXPECT_FALSE(goes->envelope->retained);
    EXPECT_FALSE(goes->json);
    EXPECT_EQ(GatewayRules::heard(facts, heard)->packet().from(), ana.number());
}

TEST_F(RulesTest, WhatMayNotGoOnWasHeardAllTheSame) {
    bounds.up.clear();
    EXPECT_TRUE(GatewayRules::heard(facts, handed(said(ana, "x", false))).ok());
    pb::MeshPacket sealed = ana.head(7);
    sealed.set_encrypted("sealed");
    EXPECT_TRUE(GatewayRules::heard(facts, handed(sealed, kPki)).ok());
    sealed.set_via_mqtt(true);  // another gateway's word, repeated on the air
    EXPECT_TRUE(GatewayRules::heard(facts, handed(sealed)).ok());
    sealed.set_id(0);
    EXPECT_FALSE(GatewayRules::heard(facts, handed(sealed)).ok());
}

TEST_F(RulesTest, WhoDoesNotLetItGoStaysOff) {
    EXPECT_EQ(why_not(handed(said(ana, "for the village", false))), "not OK to MQTT");
    bounds.everybody = true;
    EXPECT_EQ(why_not(handed(said(ana, "for the village", false))), "it goes");
    bounds.everybody = false;
    facts.number = ana.number();  // its own
    EXPECT_EQ(why_not(handed(said(ana, "of the box", false), "Village", ana.number())), "it goes");
}

TEST_F(RulesTest, OnlyChannelsThatOperatorAndRadioAllow) {
    bounds.up = {"LongFast"};
    EXPECT_EQ(why_not(handed(said(ana, "x"))), "not in up");
    bounds.up = {"Village"};
    facts.channels[1].uplink = false;
    EXPECT_EQ(why_not(handed(said(ana, "x"))), "uplink is off there");
    facts.channels.erase(1);
    EXPECT_EQ(why_not(handed(said(ana, "x"))), "uplink is off there");
    facts = roof_facts();
    facts.channels[1].psk = "another key 1234";
    EXPECT_EQ(why_not(handed(said(ana, "x"))), "not under the channel's key");
}

TEST_F(RulesTest, WhatIsSealedToOneNodeOnlyIfItIsNamed) {
    pb::MeshPacket sealed = ana.head(7);
    sealed.set_encrypted("sealed");
    EXPECT_EQ(why_not(handed(sealed, kPki)), "not in up");
    bounds.up.emplace_back(kPki);
    EXPECT_EQ(up(handed(sealed, kPki))->envelope->topic, "msh/EU_868/2/e/PKI/!54d467a9");
    sealed.set_channel(3);
    EXPECT_EQ(why_not(handed(sealed, kPki)), "not sealed to a node");
}

TEST_F(RulesTest, TheNetworksRulesUpwards) {
    const pb::MeshPacket good = said(ana, "x");
    pb::MeshPacket bad = good;
    bad.set_via_mqtt(true);
    EXPECT_EQ(why_not(handed(bad)), "came by MQTT");
    bad = good;
    bad.mutable_decoded()->set_portnum(kText);
    EXPECT_EQ(why_not(handed(bad)), "in clear");
    for (const auto& spoil : std::vector<std::function<void(pb::MeshPacket&)>>{
             [](auto& p) { p.set_from(0); }, [](auto& p) { p.set_from(kBroadcast); },
             [](auto& p) { p.set_id(0); }, [](auto& p) { p.set_hop_limit(8); }}) {
        bad = good;
        spoil(bad);
        EXPECT_EQ(why_not(handed(bad)), "no packet of a node");
    }
    FromDevice strange = handed(good);
    strange.topic = "msh/2/map/";
    EXPECT_EQ(why_not(strange), "not a topic of packets");
    strange.topic = "msh/2/e/Village/!00000001";
    EXPECT_EQ(why_not(strange), "an envelope of another topic");
    strange.topic = "msh/2/e/Village";
    EXPECT_EQ(why_not(strange), "no envelope");
    EXPECT_EQ(why_not(FromDevice{handed(good).topic, "rubbish"}), "no envelope");
    EXPECT_EQ(why_not(FromDevice{handed(good).topic, std::string(1025, 'x')}), "no envelope");
    EXPECT_EQ(why_not(handed(ana.says(kBroadcast, kAdmin, "x"))), "administration");
}

TEST_F(RulesTest, PositionsFinerThanTheChannelCarriesStayOff) {
    pb::Position position;
    position.set_latitude_i(471234567);
    position.set_longitude_i(115678901);
    const auto at = [&](std::uint32_t bits) {
        position.set_precision_bits(bits);
        pb::Data data;
        data.set_portnum(kPosition);
        data.set_payload(position.SerializeAsString());
        data.set_bitfield(1);
        return why_not(handed(ana.on_channel(kBroadcast, data)));
    };
    EXPECT_EQ(at(13), "it goes");
    EXPECT_EQ(at(14), "a position too fine");
    EXPECT_EQ(at(0), "a position too fine");  // old firmware: as fine as can be
    facts.channels[1].precision = 32;
    EXPECT_EQ(at(0), "it goes");
}

TEST_F(RulesTest, TextsGoInJsonWhereTheOperatorSaysSo) {
    bounds.up.clear();
    bounds.json_up = {"Village"};
    const auto goes = up(handed(said(ana, "come to the \"ford\"")));
    ASSERT_TRUE(goes.ok() && goes->json);
    EXPECT_FALSE(goes->envelope);
    EXPECT_EQ(goes->json->topic, "msh/EU_868/2/json/Village/!54d467a9");
    EXPECT_THAT(goes->json->payload, HasSubstr(R"("payload":{"text":"come to the \"ford\""})"));
    EXPECT_THAT(goes->json->payload, HasSubstr(R"("channel":1)"));
    EXPECT_THAT(goes->json->payload, HasSubstr(R"("timestamp":1700000000)"));
    EXPECT_EQ(why_not(handed(said(ana, "not for all", false))), "not OK to MQTT");
    bounds.json_up.clear();
    bounds.up = {"Village"};
    EXPECT_FALSE(up(handed(said(ana, "x")))->json);
}

TEST_F(RulesTest, DownGoesWhatIsInDownWithFewHops) {
    bounds.down = {"Village"};
    EXPECT_THAT(GatewayRules(bounds).filters(), ElementsAre("msh/EU_868/2/e/Village/+"));
    const pb::MeshPacket packet = said(ana, "from afar");
    const auto goes = down(published(packet));
    ASSERT_TRUE(goes.ok()) << goes.error().text;
    EXPECT_EQ(packet_in(*goes).hop_limit(), 1u);
    EXPECT_EQ(packet_in(*goes).hop_start(), 1u);  // it has made none so far
    EXPECT_TRUE(packet_in(*goes).via_mqtt());
    EXPECT_EQ(goes->item.air_bytes, 16 + packet.encrypted().size());
    EXPECT_TRUE(GatewayRules::takes(facts, *goes));
    bounds.hops = 0;
    EXPECT_EQ(packet_in(*down(published(packet))).hop_limit(), 0u);
    EXPECT_EQ(down(published(packet))->item.air_bytes, 0u);
    bounds.hops = 7;
    EXPECT_EQ(packet_in(*down(published(packet))).hop_limit(), 3u);
}

TEST_F(RulesTest, TheNetworksRulesDownwards) {
    bounds.down = {"Village"};
    const pb::MeshPacket good = said(ana, "x");
    mqtt::MqttMessage bad = published(good);
    bad.retained = true;
    EXPECT_EQ(why_not(bad), "retained");
    bad = published(good);
    bad.topic = "msh/EU_868/2/e/Village/!aa000002";
    EXPECT_EQ(why_not(bad), "an envelope of another topic");
    bad.topic = "msh/US/2/e/Village/!aa000001";
    EXPECT_EQ(why_not(bad), "not a topic of ours");
    EXPECT_EQ(why_not(published(good, "LongFast")), "not a topic of ours");
    EXPECT_EQ(why_not(published(ana.head(7), kPki)), "an empty packet");
    pb::MeshPacket sealed = ana.head(7);
    sealed.set_encrypted("sealed");
    EXPECT_EQ(why_not(published(sealed, kPki)), "not in down");
    pb::MeshPacket open = ana.head(7);
    open.mutable_decoded()->set_portnum(kText);
    EXPECT_EQ(why_not(published(open)), "in clear");
    pb::MeshPacket far = good;
    far.set_hop_limit(9);
    EXPECT_EQ(why_not(published(far)), "no packet of a node");
    pb::MeshPacket large = good;
    large.set_encrypted(std::string(450, 'x'));
    EXPECT_EQ(why_not(published(large)), "too long for a radio");
    EXPECT_EQ(why_not(mqtt::MqttMessage{published(good).topic, "rubbish", false}), "no envelope");
}

TEST_F(RulesTest, NoRadioTakesItsOwnEchoOrAForeignChannel) {
    bounds.down = {"Village"};
    const auto echo = down(published(said(ana, "x"), "Village", node_id(kRoof)));
    ASSERT_TRUE(echo.ok());
    EXPECT_FALSE(GatewayRules::takes(facts, *echo));
    const auto own = down(published(said(ana, "x")));
    facts.number = ana.number();
    EXPECT_FALSE(GatewayRules::takes(facts, *own));
    facts = roof_facts();
    facts.channels[1].downlink = false;
    EXPECT_FALSE(GatewayRules::takes(facts, *own));
    facts = roof_facts();
    facts.proxy = false;
    EXPECT_FALSE(GatewayRules::takes(facts, *own));
}

TEST_F(RulesTest, WishesAreForChannelsOfJsonDown) {
    const GatewayRules without(bounds);
    EXPECT_FALSE(without.is_wish("msh/EU_868/2/json/mqtt/!54d467a9"));
    bounds.json_down = {"Village"};
    const GatewayRules rules(bounds);
    EXPECT_THAT(rules.filters(), ElementsAre("msh/EU_868/2/json/mqtt/+"));
    EXPECT_TRUE(rules.is_wish("msh/EU_868/2/json/mqtt/!54d467a9"));
    EXPECT_FALSE(rules.is_wish("msh/EU_868/2/json/Village/!54d467a9"));
    EXPECT_EQ(rules.wish(facts, {kRoof, 1, "gate is open"})->channel, 1u);
    EXPECT_FALSE(rules.wish(facts, {kRoof, 0, "x"}).ok());
    EXPECT_FALSE(rules.wish(facts, {kRoof, 5, "x"}).ok());
    EXPECT_FALSE(rules.wish(facts, {kRoof, 1, std::string(201, 'x')}).ok());
}

TEST_F(RulesTest, WhatIsSetOtherwiseAtTheRadioIsSaid) {
    bounds.down = {"Village"};
    EXPECT_EQ(trouble_of(facts, bounds), "");
    facts.ignores = true;
    EXPECT_THAT(trouble_of(facts, bounds), HasSubstr("lora.ignore_mqtt"));
    facts.channels[1].downlink = false;
    EXPECT_EQ(trouble_of(facts, bounds), "downlink is off on channel Village");
    facts.channels[1].uplink = false;
    EXPECT_EQ(trouble_of(facts, bounds), "uplink is off on channel Village");
    bounds.up = {"Vilage"};
    EXPECT_EQ(trouble_of(facts, bounds), "it has no channel Vilage");
    facts.encrypts = false;
    EXPECT_EQ(trouble_of(facts, bounds), "MQTT encryption is off at the radio");
    facts.proxy = false;
    EXPECT_EQ(trouble_of(facts, bounds), "MQTT client proxy is off at the radio");
    facts.mqtt = false;
    EXPECT_EQ(trouble_of(facts, bounds), "MQTT is off at the radio");
}

}  // namespace
}  // namespace waypost::meshtastic
