// SPDX-License-Identifier: Apache-2.0
// Two radios and a broker that does not answer: what waits for it, and what radios are handed.
#include "radio/meshtastic/gateway/gateway_transport.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_office.h"
#include "village.h"

namespace waypost::meshtastic {
namespace {

constexpr std::uint32_t kMill = 0x0badcafe;

class GatewayTransportTest : public testing::Test {
  protected:
    GatewayTransportTest() {
        for (const char* radio : {"meshtastic.roof", "meshtastic.mill"})
            hub->add_radio(radio, [this, radio](ForDevice item) {
                handed_to[radio].push_back(std::move(item));
                return true;
            });
    }
    void start(std::vector<std::string> radios = {}) {
        GatewayTransportOptions options;
        options.broker.host = "127.0.0.1";
        options.broker.port = 1;  // nobody is there
        options.bounds = bounds;
        options.radios = std::move(radios);
        gateway =
            std::make_unique<GatewayTransport>("meshtastic_gateway.hill", std::move(options), hub);
        gateway->start(office);
        hub->radio_is("meshtastic.roof", std::make_shared<BrokerFacts>(roof_facts()));
        hub->radio_is("meshtastic.mill", std::make_shared<BrokerFacts>(roof_facts(kMill)));
    }
    void hears(const pb::MeshPacket& packet, bool roof = true) {
        hub->from_radio(roof ? "meshtastic.roof" : "meshtastic.mill",
                        handed(packet, "Village", roof ? kRoof : kMill));
    }
    void comes(const mqtt::MqttMessage& message) { EXPECT_TRUE(gateway->mqtt_messages({message})); }
    double waiting() const { return gateway->status().metrics.at("waiting"); }
    std::string detail(const std::string& key) const {
        const auto details = gateway->status().details;
        const auto found = details.find(key);
        return found == details.end() ? "" : found->second;
    }
    std::size_t handed_all() { return at_roof().size() + handed_to["meshtastic.mill"].size(); }
    std::vector<ForDevice>& at_roof() { return handed_to["meshtastic.roof"]; }

    FakeOffice office;
    std::shared_ptr<BrokerHub> hub = std::make_shared<BrokerHub>();
    std::map<std::string, std::vector<ForDevice>> handed_to;
    GatewayBounds bounds = village_bounds();
    OtherNode ana{village_key()};
    std::unique_ptr<GatewayTransport> gateway;
};

TEST_F(GatewayTransportTest, WhatTwoRadiosHeardWaitsOnce) {
    start();
    const auto packet = said(ana, "come to the ford");
    hears(packet);
    hears(packet, false);
    hears(packet);
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(detail("repeats"), "2");
    hears(said(ana, "another"), false);
    EXPECT_EQ(waiting(), 2);
    hears(said(ana, "not for MQTT", false));
    EXPECT_EQ(waiting(), 2);
    EXPECT_EQ(detail("not passed: not OK to MQTT"), "1");
    EXPECT_EQ(detail("meshtastic.roof"), "passes on");
    EXPECT_FALSE(gateway->status().up);
}

// A packet a second, each heard by both radios.
TEST_F(GatewayTransportTest, AnHourWithoutTheBrokerIsHeld) {
    start();
    for (int second = 0; second < 3600; ++second) {
        office.time().advance(std::chrono::seconds(1));
        const auto packet = said(ana, "letter " + std::to_string(second));
        hears(packet);
        hears(packet, false);
    }
    EXPECT_EQ(waiting(), 3600);
    EXPECT_EQ(detail("given up"), "0");
}

TEST_F(GatewayTransportTest, OnlyTheRadiosThatAreNamed) {
    start({"mill"});
    hears(said(ana, "x"));
    EXPECT_EQ(waiting(), 0);
    hears(said(ana, "y"), false);
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(detail("meshtastic.roof"), "");
}

TEST_F(GatewayTransportTest, EachRadioIsHandedWhatSeveralGatewaysBringOnce) {
    bounds.down = {"Village"};
    start();
    const auto packet = said(ana, "from afar");
    for (const char* other : {"!aa000001", "!aa000002", "!aa000003"})
        comes(published(packet, "Village", other));
    EXPECT_EQ(at_roof().size(), 1u);
    EXPECT_EQ(handed_all(), 2u);
    EXPECT_EQ(at_roof()[0].share_percent, 25);
    EXPECT_EQ(detail("handed to radios"), "1");
}

TEST_F(GatewayTransportTest, NobodyIsHandedWhatHeHeardHimselfOrSaid) {
    bounds.down = {"Village"};
    start();
    const auto packet = said(ana, "x");
    hears(packet);
    comes(published(packet, "Village", node_id(kRoof)));  // our own uplink, come back
    EXPECT_TRUE(at_roof().empty());
    EXPECT_EQ(handed_to["meshtastic.mill"].size(), 1u);  // it has not heard her
    pb::MeshPacket own = said(ana, "y");
    own.set_from(kRoof);
    comes(published(own));
    EXPECT_EQ(handed_all(), 1u);
}

TEST_F(GatewayTransportTest, WhatARadioHeardIsNotBroughtToItThoughItMayNotGoUp) {
    bounds.down = {"Village"};
    start();
    const auto kept = said(ana, "not for MQTT", false);
    hears(kept);
    comes(published(kept));
    EXPECT_TRUE(at_roof().empty());
    EXPECT_EQ(handed_to["meshtastic.mill"].size(), 1u);
    EXPECT_EQ(waiting(), 0);
}

TEST_F(GatewayTransportTest, WhereNothingGoesUpWhatARadioHeardIsNotBroughtToIt) {
    bounds.up.clear();
    bounds.down = {"Village"};
    start();
    const auto packet = said(ana, "x");
    hears(packet);
    comes(published(packet));
    EXPECT_TRUE(at_roof().empty());
    EXPECT_EQ(handed_to["meshtastic.mill"].size(), 1u);
    EXPECT_EQ(detail("not passed: not in up"), "1");
    EXPECT_EQ(waiting(), 0);
}

TEST_F(GatewayTransportTest, RetainedRubbishAndForeignTopicsHurtNobody) {
    bounds.down = {"Village"};
    bounds.json_down = {"Village"};
    start();
    auto old = published(said(ana, "x"));
    old.retained = true;
    comes(old);
    comes({"msh/EU_868/2/e/Village/!aa000001", "rubbish", false});
    comes({"somewhere/else", "rubbish", false});
    comes({"msh/EU_868/2/json/mqtt/x", "rubbish", false});
    const std::string wish = R"({"from":1423206313,"type":"sendtext","payload":"x","channel":1})";
    comes({"msh/EU_868/2/json/mqtt/x", wish, true});  // it would be said at each start
    EXPECT_EQ(handed_all(), 0u);
    EXPECT_EQ(detail("no packets"), "4");
    EXPECT_EQ(detail("not passed: not a topic of ours"), "1");
}

TEST_F(GatewayTransportTest, TheRadioThatAWishNamesSaysIt) {
    bounds.json_down = {"Village"};
    start();
    const std::string head = R"({"type":"sendtext","payload":"gate is open","from":)";
    comes({"msh/EU_868/2/json/mqtt/x", head + "1423206313,\"channel\":1}", false});
    ASSERT_EQ(at_roof().size(), 1u);
    EXPECT_EQ(at_roof()[0].text, "gate is open");
    EXPECT_TRUE(at_roof()[0].envelope.empty());
    comes({"msh/EU_868/2/json/mqtt/x", head + "1423206313,\"channel\":0}", false});
    comes({"msh/EU_868/2/json/mqtt/x", head + "99,\"channel\":1}", false});
    EXPECT_EQ(handed_all(), 1u);
    EXPECT_EQ(detail("not passed: not a channel of json_down"), "1");
    EXPECT_EQ(detail("not passed: no radio of ours"), "1");
}

TEST_F(GatewayTransportTest, ARadioThatGoesIsNotHandedAnything) {
    bounds.down = {"Village"};
    start();
    hub->remove_radio("meshtastic.roof");
    hears(said(ana, "x"));
    EXPECT_EQ(waiting(), 0);
    comes(published(said(ana, "y")));
    EXPECT_TRUE(at_roof().empty());
    hub->radio_is("meshtastic.mill", nullptr);
    comes(published(said(ana, "z")));
    EXPECT_EQ(handed_all(), 1u);
    EXPECT_EQ(detail("meshtastic.roof"), "");
    gateway->stop();
    hub->radio_is("meshtastic.mill", std::make_shared<BrokerFacts>(roof_facts(kMill)));
}

}  // namespace
}  // namespace waypost::meshtastic
