// SPDX-License-Identifier: Apache-2.0
// Uplinks in the form that ChirpStack v4 publishes.
#include "bridges/lorawan/chirpstack.h"

#include <gtest/gtest.h>

namespace waypost::lorawan {
namespace {

constexpr char kTopic[] =
    "application/5f1d8d0c-2b7a-4e0a-9b0e-111111111111/device/a84041ffff000001/event/up";
constexpr char kUplink[] = R"({
  "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
  "time": "2026-11-27T10:00:00.000+00:00",
  "deviceInfo": {
    "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242", "tenantName": "Hill",
    "applicationId": "5f1d8d0c-2b7a-4e0a-9b0e-111111111111", "applicationName": "water",
    "deviceProfileName": "gauge", "deviceName": "river", "devEui": "a84041ffff000001", "tags": {}
  },
  "devAddr": "00189440", "adr": true, "dr": 3, "fCnt": 17, "fPort": 2, "confirmed": false,
  "data": "AQD6/w==", "object": {"level_cm": 250.0, "battery": 3.6},
  "rxInfo": [{"gatewayId": "0016c001f153a14c", "uplinkId": 4217106255, "rssi": -57, "snr": 10.0}],
  "txInfo": {"frequency": 868500000}
})";

sensors::Rule rule_of(const std::string& pointer) {
    sensors::Rule rule;
    rule.name = "river";
    rule.device = "a84041ffff000001";
    rule.value = pointer;
    return rule;
}

TEST(ChirpStack, ReadsFieldsOfItsCodecAndBytesOfTheDevice) {
    sensors::Rule level = rule_of("/level_cm");
    sensors::Rule raw = rule_of("");
    raw.bytes = sensors::ByteField{1, 2, false, false, 0.01, 0};
    sensors::Rule other_port = rule_of("/battery");
    other_port.port = 3;
    const ChirpStack source({level, raw, other_port});
    EXPECT_EQ(source.topics(),
              std::vector<std::string>{"application/+/device/a84041ffff000001/event/up"});
    const auto readings = source.read({kTopic, kUplink, false});
    EXPECT_FALSE(readings.strange);
    ASSERT_EQ(readings.all.size(), 2u);
    EXPECT_EQ(readings.all[0].value, 250);
    EXPECT_EQ(readings.all[1].value, 2.5);
}

TEST(ChirpStack, TakesNothingThatIsNotOfTheDevice) {
    const ChirpStack source({rule_of("/level_cm")});
    const std::string good = kUplink;
    std::string other = good;
    other.replace(other.find("a84041ffff000001"), 16, "a84041ffff000002");
    const mqtt::MqttMessage all[] = {
        {kTopic, other, false},
        {kTopic, "rubbish", false},
        {kTopic, "[]", false},
        {kTopic, good.substr(0, 200), false},
        {kTopic, good, true},
        {"application/x/device/a84041ffff000001/event/join", good, false},
        {"application/x/device/a84041ffff000009/event/up", good, false},
        {"other", good, false},
    };
    for (const auto& each : all) {
        const auto readings = source.read(each);
        EXPECT_TRUE(readings.all.empty()) << each.topic;
        EXPECT_TRUE(readings.strange) << each.topic;
    }
    sensors::Rule bytes = rule_of("");
    bytes.bytes = sensors::ByteField{};
    std::string bad_data = good;
    bad_data.replace(bad_data.find("AQD6/w=="), 8, "*not64*!");
    EXPECT_TRUE(ChirpStack({bytes}).read({kTopic, bad_data, false}).all.empty());
}

TEST(ChirpStack, QueuesACommand) {
    sensors::Rule rule = rule_of("/level_cm");
    EXPECT_EQ(ChirpStack({rule}).command(rule, true), std::nullopt);
    rule.down = sensors::Downlink{"app1", "a84041ffff000002", 5, std::string("\x01\xff", 2), {}};
    const auto command = ChirpStack({rule}).command(rule, true);
    ASSERT_TRUE(command);
    EXPECT_EQ(command->topic, "application/app1/device/a84041ffff000002/command/down");
    EXPECT_EQ(command->payload,
              R"({"confirmed":true,"data":"Af8=","devEui":"a84041ffff000002","fPort":5})");
    EXPECT_EQ(ChirpStack({rule}).command(rule, false), std::nullopt);
}

}  // namespace
}  // namespace waypost::lorawan
