// SPDX-License-Identifier: Apache-2.0
// A radio of the box as its handshake tells, and what it hears and hands over.
#pragma once

#include <string>

#include "radio/meshtastic/gateway/gateway_rules.h"
#include "radio/meshtastic/node/own_node.h"
#include "tests/unit/radio/meshtastic/node/other_node.h"

namespace waypost::meshtastic {

inline constexpr std::uint32_t kRoof = 0x54d467a9;
inline constexpr char kRoot[] = "msh/EU_868";
inline constexpr char kPsk[] = "0123456789abcdef";

inline ChannelKey village_key(int precision = 13) {
    return *channel_key("Village", kPsk, precision);
}

inline BrokerFacts roof_facts(std::uint32_t number = kRoof) {
    BrokerFacts facts{number, true, true, true, false, {}};
    facts.channels[0] = {"LongFast", std::string(1, '\1'), false, false, 13};
    facts.channels[1] = {"Village", kPsk, true, true, 13};
    return facts;
}

inline FromDevice handed(const pb::MeshPacket& packet, const std::string& channel = "Village",
                         std::uint32_t gateway = kRoof) {
    pb::ServiceEnvelope envelope;
    *envelope.mutable_packet() = packet;
    envelope.set_channel_id(channel);
    envelope.set_gateway_id(node_id(gateway));
    return {"their/root/2/e/" + channel + '/' + node_id(gateway), envelope.SerializeAsString()};
}

inline mqtt::MqttMessage published(const pb::MeshPacket& packet,
                                   const std::string& channel = "Village",
                                   const std::string& gateway = "!aa000001") {
    pb::ServiceEnvelope envelope;
    *envelope.mutable_packet() = packet;
    envelope.set_channel_id(channel);
    envelope.set_gateway_id(gateway);
    return {std::string(kRoot) + "/2/e/" + channel + '/' + gateway, envelope.SerializeAsString(),
            false};
}

// A text on the channel; its sender lets it go to MQTT, or says nothing of it.
inline pb::MeshPacket said(OtherNode& node, const std::string& text, bool ok_to_mqtt = true) {
    pb::Data data;
    data.set_portnum(kText);
    data.set_payload(text);
    if (ok_to_mqtt) data.set_bitfield(1);
    return node.on_channel(kBroadcast, data);
}

inline GatewayBounds village_bounds() {
    GatewayBounds bounds;
    bounds.root = kRoot;
    bounds.up = {"Village"};
    return bounds;
}

}  // namespace waypost::meshtastic
