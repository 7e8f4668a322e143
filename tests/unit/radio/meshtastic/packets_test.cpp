// SPDX-License-Identifier: Apache-2.0
// What whoever looks on sees of the packets of a mesh, and what not.
#include "played_device.h"
#include "radio/meshtastic/packet_words.h"

namespace waypost::meshtastic {
namespace {

constexpr char kSecret[] = "meet me at the mill";

pb::MeshPacket packet_of(std::uint32_t port, const std::string& payload) {
    pb::MeshPacket packet;
    packet.set_from(0x0a);
    packet.set_to(0x0b);
    packet.set_id(0x1234abcd);
    packet.set_hop_limit(2);
    packet.set_hop_start(3);
    packet.set_rx_snr(6.25);
    packet.set_rx_rssi(-91);
    packet.mutable_decoded()->set_portnum(port);
    packet.mutable_decoded()->set_payload(payload);
    return packet;
}

TEST(Packets, SayWhoToWhomAndHowFar) {
    const PacketSeen seen = heard_packet(packet_of(kText, kSecret));
    EXPECT_EQ(seen.text, "text, !0000000a to !0000000b, id 1234abcd, hops 2 of 3");
    EXPECT_FALSE(seen.out);
    EXPECT_EQ(seen.bytes, sizeof kSecret - 1);
    EXPECT_EQ(seen.snr_db, 6.25f);
    EXPECT_EQ(seen.rssi_dbm, -91);
}

TEST(Packets, NeverSayWhatIsInThem) {
    for (std::uint32_t port = 0; port < 300; ++port) {
        const std::string text = heard_packet(packet_of(port, kSecret)).text;
        EXPECT_EQ(text.find("mill"), std::string::npos) << text;
        EXPECT_EQ(sent_packet(packet_of(port, kSecret), 1).text.find("mill"), std::string::npos);
    }
    pb::Position position;
    position.set_latitude_i(473'712'345);
    position.set_longitude_i(85'412'345);
    EXPECT_EQ(heard_packet(packet_of(kPosition, position.SerializeAsString())).text,
              "position, !0000000a to !0000000b, id 1234abcd, hops 2 of 3");
    pb::User user;
    user.set_long_name(kSecret);
    EXPECT_EQ(heard_packet(packet_of(kNodeInfo, user.SerializeAsString())).text.find("mill"),
              std::string::npos);
}

TEST(Packets, OfTelemetryTheKindAndOfRoutingTheVerdict) {
    const auto begins = [](std::uint32_t port, const std::string& payload) {
        const std::string text = heard_packet(packet_of(port, payload)).text;
        return text.substr(0, text.find(','));
    };
    pb::Telemetry device, environment;
    device.mutable_device_metrics()->set_battery_level(77);
    environment.mutable_environment_metrics();
    EXPECT_EQ(begins(kTelemetry, device.SerializeAsString()), "telemetry of the device");
    EXPECT_EQ(begins(kTelemetry, environment.SerializeAsString()), "telemetry of the environment");
    EXPECT_EQ(begins(kTelemetry, "\xff\xff"), "telemetry");
    pb::Routing routing;
    routing.set_error_reason(kMaxRetransmit);
    pb::MeshPacket answer = packet_of(kRouting, routing.SerializeAsString());
    answer.mutable_decoded()->set_request_id(0x0c);
    EXPECT_EQ(heard_packet(answer).text.substr(0, 29), "routing: error 5 of !0000000c");
}

TEST(Packets, OfWhatIsSealedForOthersItsLength) {
    pb::MeshPacket packet = packet_of(kText, "");
    packet.set_encrypted("0123456789");
    packet.set_to(kBroadcast);
    packet.set_rx_rssi(0);
    const PacketSeen seen = heard_packet(packet);
    EXPECT_EQ(seen.text, "sealed for others, !0000000a to all, id 1234abcd, hops 2 of 3");
    EXPECT_EQ(seen.bytes, 10u);
    EXPECT_FALSE(seen.snr_db) << "it did not come by the antenna";
}

TEST_F(SessionTest, TellsOfPacketsToAndFromTheDevice) {
    shake_hands();
    pb::FromRadio call;
    *call.mutable_packet() = packet_of(kText, kSecret);
    call.mutable_packet()->set_to(session_.device().number);
    const Actions heard = feed(call);
    ASSERT_EQ(heard.texts.size(), 1u) << "the text itself goes its way";
    std::vector<std::string> all;
    for (const PacketSeen& each : heard.packets) all.push_back(each.text);
    ASSERT_GE(all.size(), 1u);
    EXPECT_EQ(all[0].rfind("text, !0000000a to ", 0), 0u) << all[0];
    now_ += std::chrono::seconds(10);
    const Actions sent = session_.send(outgoing(71, kSecret), now_);
    ASSERT_FALSE(sent.packets.empty());
    EXPECT_TRUE(sent.packets.back().out);
    EXPECT_EQ(sent.packets.back().text.rfind("text, " + node_id(session_.device().number), 0), 0u);
    for (const PacketSeen& each : sent.packets) all.push_back(each.text);
    for (const std::string& each : all) EXPECT_EQ(each.find("mill"), std::string::npos) << each;
}

}  // namespace
}  // namespace waypost::meshtastic
