// SPDX-License-Identifier: Apache-2.0
// A whole box whose two radios are gateways of their mesh on a real Mosquitto.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "radio/meshtastic/gateway/gateway_transport.h"
#include "tests/fakes/fake_office.h"
#include "tests/interop/mqtt/mosquitto.h"
#include "tests/interop/mqtt/mqtt_radio.h"
#include "tests/interop/mqtt/proxy_radio.h"
#include "tests/unit/radio/meshtastic/gateway/village.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;
using namespace meshtastic;

// Reads along, as others on the broker do.
class Reader final : private mqtt::MqttOwner {
  public:
    explicit Reader(int port, const std::string& filter = "msh/#")
        : client_(options(port, filter), *this, *random_) {
        client_.start();
        EXPECT_TRUE(eventually([this] { return client_.up(); }));
    }
    ~Reader() override { client_.stop(); }
    std::vector<mqtt::MqttMessage> got() const {
        const std::lock_guard lock(mutex_);
        return got_;
    }
    std::size_t count(const std::string& topic) const {
        std::size_t count = 0;
        for (const auto& each : got()) count += each.topic == topic;
        return count;
    }
    bool has(const std::string& topic, std::size_t times) const {
        return eventually([&] { return count(topic) >= times; }, std::chrono::seconds(60));
    }
    // Now, or when the broker has answered for what went before.
    void publish(const std::string& topic, const std::string& payload) {
        while (!client_.publish({topic, payload, false}, {}).ok() && client_.up())
            std::this_thread::sleep_for(std::chrono::microseconds(200));
    }

  private:
    static mqtt::MqttOptions options(int port, const std::string& filter) {
        mqtt::MqttOptions options;
        options.host = "127.0.0.1";
        options.port = port;
        options.client_id = "reads " + filter;
        options.topics = {filter};
        options.first_pause = std::chrono::milliseconds(50);
        return options;
    }
    void mqtt_up() override {}
    void mqtt_down(const std::string&) override {}
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override {
        const std::lock_guard lock(mutex_);
        for (auto& each : messages) got_.push_back(std::move(each));
        return true;
    }

    mutable std::mutex mutex_;
    std::vector<mqtt::MqttMessage> got_;
    std::unique_ptr<Random> random_ = system_random();
    mqtt::MqttClient client_;
};

class GatewayTest : public testing::Test {
  protected:
    static constexpr char kUp[] = "msh/EU_868/2/e/Village/!54d467a9";

    std::string settings() const {
        return "[meshtastic.roof]\nport = \"" + roof.port() + "\"\n[meshtastic.mill]\nport = \"" +
               mill.port() + "\"\n[meshtastic_gateway.hill]\nbroker = \"mqtt://127.0.0.1:" +
               std::to_string(broker.port()) +
               "\"\nroot = \"msh/EU_868\"\nup = [\"Village\"]\ndown = [\"Village\"]\n"
               "json_up = [\"Village\"]\njson_down = [\"Village\"]\n";
    }
    void SetUp() override {
        ASSERT_TRUE(box.status_says("passes on")) << box.waypost("status") << box.log();
        ASSERT_TRUE(eventually([this] {
            const std::string status = box.waypost("status");
            return status.find("meshtastic.roof: passes on") != std::string::npos &&
                   status.find("meshtastic.mill: passes on") != std::string::npos;
        })) << box.waypost("status");
    }
    pb::MeshPacket text(const std::string& words, bool ok_to_mqtt = true) {
        pb::Data data;
        data.set_portnum(kText);
        data.set_payload(words);
        if (ok_to_mqtt) data.set_bitfield(1);
        return ana.on_channel(kBroadcast, data);
    }
    std::string envelope_of(const pb::MeshPacket& packet, const std::string& gateway) {
        pb::ServiceEnvelope envelope;
        *envelope.mutable_packet() = packet;
        envelope.set_channel_id("Village");
        envelope.set_gateway_id(gateway);
        return envelope.SerializeAsString();
    }

    Folder folder;
    Mosquitto broker;
    ProxyRadio roof{0x54d467a9, "Village", kPsk};
    ProxyRadio mill{0x0badcafe, "Village", kPsk};
    OtherNode ana{village_channel()};
    Reader reader{broker.port()};
    BoxProcess box{folder, settings()};
};

TEST_F(GatewayTest, WhatBothRadiosHearGoesUpOnceAndInJson) {
    const auto packet = text("come to the ford");
    roof.hears(packet);
    ASSERT_TRUE(reader.has(kUp, 1)) << box.waypost("status") << box.log();
    mill.hears(packet);
    roof.hears(text("not for MQTT", false));
    roof.hears(text("the last one"));
    ASSERT_TRUE(reader.has(kUp, 2));
    EXPECT_EQ(reader.count("msh/EU_868/2/e/Village/!0badcafe"), 0u);
    const auto all = reader.got();
    std::string json;
    for (const auto& each : all) {
        EXPECT_FALSE(each.retained);
        EXPECT_EQ(each.payload.find("not for MQTT"), std::string::npos);
        if (each.topic == "msh/EU_868/2/json/Village/!54d467a9" && json.empty())
            json = each.payload;
    }
    EXPECT_THAT(json, HasSubstr(R"("payload":{"text":"come to the ford"})"));
    EXPECT_EQ(reader.count("msh/EU_868/2/json/Village/!54d467a9"), 2u);
    pb::ServiceEnvelope read;
    for (const auto& each : all) {
        if (each.topic != kUp || !read.ParseFromString(each.payload)) continue;
        break;
    }
    EXPECT_EQ(read.packet().encrypted(), packet.encrypted());
}

TEST_F(GatewayTest, WhatOthersPutThereGoesOutByEachRadioOnce) {
    const auto packet = text("from afar");
    for (const char* other : {"!aa000001", "!aa000002", "!aa000003"})
        reader.publish(std::string("msh/EU_868/2/e/Village/") + other, envelope_of(packet, other));
    EXPECT_TRUE(eventually([&] { return roof.handed().size() == 1 && mill.handed().size() == 1; }))
        << box.waypost("status");
    EXPECT_EQ(roof.handed()[0].hop_limit(), 1u);
    EXPECT_TRUE(roof.handed()[0].via_mqtt());
    // Its own comes back to no radio that heard it, and rubbish to none.
    const auto heard = text("heard by both");
    roof.hears(heard);
    ASSERT_TRUE(reader.has(kUp, 1));  // of two the first brings it
    mill.hears(heard);
    reader.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(heard, "!aa000001"));
    // One that does not go up cannot come to the second radio before that has heard it itself.
    const auto kept = text("heard by both, not for MQTT", false);
    roof.hears(kept);
    mill.hears(kept);
    ASSERT_TRUE(box.status_says("not passed: not OK to MQTT: 2")) << box.waypost("status");
    reader.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(kept, "!aa000001"));
    broker.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(text("old"), "!aa000001"), true);
    broker.publish("msh/EU_868/2/e/Village/!aa000001", "rubbish");
    broker.publish("msh/EU_868/2/e/Other/!aa000001", envelope_of(text("x"), "!aa000001"));
    const auto last = text("the last one");
    reader.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(last, "!aa000001"));
    for (const ProxyRadio* radio : {&roof, &mill}) {
        EXPECT_TRUE(eventually([&] {
            const auto all = radio->handed();
            return !all.empty() && all.back().id() == last.id();
        }));
        for (const auto& each : radio->handed()) EXPECT_NE(each.id(), kept.id());
    }
    for (const auto& each : roof.handed()) EXPECT_NE(each.id(), heard.id());
}

TEST_F(GatewayTest, HomeAutomationSaysSomethingOnTheChannel) {
    const std::string from = R"({"from":1423206313,"type":"sendtext",)";
    broker.publish("msh/EU_868/2/json/mqtt/home", from + R"("to":7,"payload":"1 kept"})");
    broker.publish("msh/EU_868/2/json/mqtt/home", from + R"("channel":0,"payload":"elsewhere"})");
    broker.publish("msh/EU_868/2/json/mqtt/home", "rubbish");
    broker.publish("msh/EU_868/2/json/mqtt/home",
                   from + R"("channel":1,"payload":"gate is open"})");
    EXPECT_TRUE(eventually([&] {
        return roof.said() == std::vector<std::string>{"1 gate is open"};
    })) << box.waypost("status");
    EXPECT_TRUE(mill.said().empty());
}

TEST_F(GatewayTest, AFloodOfCopiesIsHandedOnOnceAndMemoryStays) {
    constexpr int kPackets = 5000;
    constexpr int kCopies = 10;
    Reader others(broker.port(), "nothing");
    const auto flood = [&] {
        for (int i = 0; i < kPackets; ++i) {
            const auto packet = text("flood " + std::to_string(i));
            for (int copy = 0; copy < kCopies; ++copy) {
                const std::string gateway = node_id(0xaa000001 + static_cast<std::uint32_t>(copy));
                others.publish("msh/EU_868/2/e/Village/" + gateway, envelope_of(packet, gateway));
            }
        }
    };
    flood();
    ASSERT_TRUE(box.status_says("handed to radios: 5000")) << box.waypost("status");
    ASSERT_TRUE(box.status_says("repeats: 45000")) << box.waypost("status");
    const long before = box.peak_memory();
    flood();
    ASSERT_TRUE(box.status_says("repeats: 90000")) << box.waypost("status");
    EXPECT_TRUE(box.status_says("handed to radios: 10000"));
    EXPECT_LE(box.peak_memory() - before, 8 * 1024);
    // What a radio has no room for is gone: it gets what its share of the airtime lets out.
    EXPECT_LT(roof.handed().size(), 500u);
    EXPECT_GE(roof.handed().size(), 1u);
}

// The air has no use for what is old.
TEST_F(GatewayTest, WhatWasSaidWhileTheBoxWasAwayIsNotSent) {
    box.stop();
    reader.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(text("old"), "!aa000001"));
    box.start();
    ASSERT_TRUE(box.status_says("meshtastic.roof: passes on"));
    const auto now = text("now");
    const auto handed_now = [&] {
        reader.publish("msh/EU_868/2/e/Village/!aa000001", envelope_of(now, "!aa000001"));
        const auto all = roof.handed();
        return !all.empty() && all.back().id() == now.id();
    };
    EXPECT_TRUE(eventually(handed_now)) << box.waypost("status");
    EXPECT_EQ(roof.handed().size(), 1u);
}

// The broker is away for some seconds, in which the radios hear more than one commit's worth.
TEST_F(GatewayTest, ABrokerThatDiesLosesAndDoublesNothing) {
    std::vector<std::uint32_t> sent;
    const auto hear = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const auto packet = text("letter " + std::to_string(sent.size()));
            sent.push_back(packet.id());
            roof.hears(packet);
            mill.hears(packet);
        }
    };
    hear(50);
    ASSERT_TRUE(eventually([&] { return reader.got().size() >= 100; })) << box.waypost("status");
    // The reader may have one before the box has the broker's answer: that one would go again.
    ASSERT_TRUE(box.status_says("waiting: 0")) << box.waypost("status");
    broker.stop();
    hear(500);
    ASSERT_TRUE(box.status_says("waiting: 1000")) << box.waypost("status");
    broker.start();
    ASSERT_TRUE(eventually([&] { return reader.got().size() >= 1100; }, std::chrono::seconds(90)))
        << reader.got().size() << box.waypost("status");
    hear(1);
    ASSERT_TRUE(eventually([&] { return reader.got().size() >= 1102; }));
    std::vector<std::uint32_t> got;
    for (const auto& each : reader.got()) {
        pb::ServiceEnvelope envelope;
        if (each.topic.find("/2/e/") == std::string::npos) continue;
        ASSERT_TRUE(envelope.ParseFromString(each.payload));
        got.push_back(envelope.packet().id());
    }
    EXPECT_EQ(reader.got().size(), 1102u);
    std::sort(got.begin(), got.end());
    std::sort(sent.begin(), sent.end());
    EXPECT_EQ(got, sent);
}

// An hour of the box's time, in which two radios hear a packet each second; the broker is a real
// one that is not there meanwhile, and its line is looked for in real time.
TEST(GatewayHour, ABrokerThatIsDeadForAnHourGetsEachPacketOnce) {
    constexpr int kSeconds = 3600;
    Mosquitto broker;
    Reader reader(broker.port());
    FakeOffice office;
    const auto hub = std::make_shared<BrokerHub>();
    GatewayTransportOptions options;
    options.broker.host = "127.0.0.1";
    options.broker.port = broker.port();
    options.broker.first_pause = std::chrono::milliseconds(50);
    options.bounds = village_bounds();
    GatewayTransport gateway("meshtastic_gateway.hill", std::move(options), hub);
    for (const char* radio : {"meshtastic.roof", "meshtastic.mill"})
        hub->add_radio(radio, [](ForDevice) { return true; });
    gateway.start(office);
    hub->radio_is("meshtastic.roof", std::make_shared<BrokerFacts>(roof_facts()));
    hub->radio_is("meshtastic.mill", std::make_shared<BrokerFacts>(roof_facts(0x0badcafe)));
    ASSERT_TRUE(eventually([&] { return gateway.status().up; }));
    broker.stop();
    ASSERT_TRUE(eventually([&] { return !gateway.status().up; }));
    OtherNode ana(village_channel());
    std::vector<std::uint32_t> sent;
    for (int second = 0; second < kSeconds; ++second) {
        office.time().advance(std::chrono::seconds(1));
        const auto packet = said(ana, "letter " + std::to_string(second));
        sent.push_back(packet.id());
        hub->from_radio("meshtastic.roof", handed(packet));
        hub->from_radio("meshtastic.mill", handed(packet, "Village", 0x0badcafe));
    }
    EXPECT_EQ(gateway.status().details.at("waiting"), std::to_string(kSeconds));
    broker.start();
    ASSERT_TRUE(
        eventually([&] { return reader.got().size() >= sent.size(); }, std::chrono::seconds(90)))
        << reader.got().size();
    const auto last = said(ana, "the last one");
    sent.push_back(last.id());
    hub->from_radio("meshtastic.mill", handed(last, "Village", 0x0badcafe));
    ASSERT_TRUE(eventually([&] { return reader.got().size() >= sent.size(); }));
    std::vector<std::uint32_t> got;
    for (const auto& each : reader.got()) {
        pb::ServiceEnvelope envelope;
        ASSERT_TRUE(envelope.ParseFromString(each.payload));
        got.push_back(envelope.packet().id());
    }
    EXPECT_EQ(got, sent);  // in their order, too
    EXPECT_EQ(gateway.status().details.at("waiting"), "0");
    gateway.stop();
}

}  // namespace
}  // namespace waypost::interop
