// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/gateway/gateway_rules.h"

#include <algorithm>

#include "gateway/message/text.h"
#include "meshtastic.pb.h"
#include "radio/meshtastic/node/own_node.h"
#include "radio/meshtastic/node/packet_rules.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr char kWishes[] = "/2/json/mqtt/";
constexpr std::uint32_t kOkToMqtt = 1;  // of Data.bitfield
constexpr std::size_t kFrameHead = 16;  // of a frame on the air
constexpr std::size_t kMostWish = 200;  // bytes of its text

bool lists(const std::vector<std::string>& all, const std::string& name) {
    return std::find(all.begin(), all.end(), name) != all.end();
}

Error refused(const std::string& why) { return {Code::Refused, why, false}; }

const std::pair<const std::uint32_t, DeviceChannel>* channel_named(const BrokerFacts& facts,
                                                                   const std::string& name) {
    for (const auto& each : facts.channels)
        if (each.second.name == name) return &each;
    return nullptr;
}

// Positions are cut by who sends them. One that is finer than this channel carries stays off.
bool too_fine(const pb::Data& data, int precision) {
    if (data.portnum() != kPosition) return false;
    pb::Position position;
    if (!position.ParseFromString(data.payload())) return true;
    if (!position.has_latitude_i() && !position.has_longitude_i()) return false;
    const std::uint32_t bits = position.precision_bits() == 0 ? 32 : position.precision_bits();
    return bits > static_cast<std::uint32_t>(precision);
}

std::string missing(const BrokerFacts& facts, const std::vector<std::string>& wanted,
                    bool DeviceChannel::*on, const char* what) {
    for (const std::string& name : wanted) {
        if (name == kPki) continue;
        const auto* channel = channel_named(facts, name);
        if (channel == nullptr) return "it has no channel " + name;
        if (!(channel->second.*on)) return std::string(what) + " is off on channel " + name;
    }
    return {};
}

}  // namespace

GatewayRadio radio_of(BrokerFactsPtr facts) {
    GatewayRadio radio{std::move(facts), {}};
    for (const auto& [index, channel] : radio.facts->channels) {
        auto key = channel_key(channel.name, channel.psk, channel.precision);
        if (key.ok()) radio.keys.emplace(channel.name, std::move(*key));
    }
    return radio;
}

std::string trouble_of(const BrokerFacts& facts, const GatewayBounds& bounds) {
    if (!facts.mqtt) return "MQTT is off at the radio";
    if (!facts.proxy) return "MQTT client proxy is off at the radio";
    if (!facts.encrypts) return "MQTT encryption is off at the radio";
    std::vector<std::string> up = bounds.up;
    up.insert(up.end(), bounds.json_up.begin(), bounds.json_up.end());
    std::string why = missing(facts, up, &DeviceChannel::uplink, "uplink");
    if (why.empty()) why = missing(facts, bounds.down, &DeviceChannel::downlink, "downlink");
    if (why.empty() && !bounds.down.empty() && facts.ignores)
        why = "it ignores what comes by MQTT (lora.ignore_mqtt)";
    return why;
}

GatewayRules::GatewayRules(GatewayBounds bounds)
    : bounds_(std::move(bounds)), envelopes_(bounds_.root, bounds_.down, 0, false) {}

std::vector<std::string> GatewayRules::filters() const {
    std::vector<std::string> all = envelopes_.filters();
    if (!bounds_.json_down.empty()) all.push_back(bounds_.root + kWishes + '+');
    return all;
}

Result<pb::ServiceEnvelope> GatewayRules::heard(const BrokerFacts& facts,
                                                const FromDevice& message) {
    // Maps, its own JSON and whether it is there stay off.
    const auto topic = envelope_topic(message.topic);
    if (!topic) return refused("not a topic of packets");
    auto envelope = read_envelope(*topic, message.payload);
    if (!envelope.ok()) return envelope;
    if (topic->gateway != node_id(facts.number)) return bad_input("an envelope of another topic");
    if (!by_the_rules(envelope->packet())) return bad_input("no packet of a node");
    return envelope;
}

Result<GoesUp> GatewayRules::up(const GatewayRadio& radio, const pb::ServiceEnvelope& heard,
                                const std::string& payload, std::int64_t now) const {
    const pb::MeshPacket& packet = heard.packet();
    const std::string& channel = heard.channel_id();
    if (packet.via_mqtt()) return refused("came by MQTT");
    if (packet.payload_variant_case() != pb::MeshPacket::kEncrypted) return refused("in clear");
    Result<GoesUp> goes = GoesUp{};
    if (channel != kPki) {
        goes = channel_up(radio, heard, now);
    } else if (packet.channel() != 0) {
        return bad_input("not sealed to a node");
    } else if (!lists(bounds_.up, kPki)) {
        return refused("not in up");
    }
    if (goes.ok() && lists(bounds_.up, channel))
        goes->envelope = mqtt::MqttMessage{
            EnvelopeTopic{bounds_.root, channel, heard.gateway_id()}.text(), payload, false};
    return goes;
}

Result<GoesUp> GatewayRules::channel_up(const GatewayRadio& radio, const pb::ServiceEnvelope& heard,
                                        std::int64_t now) const {
    const pb::MeshPacket& packet = heard.packet();
    const std::string& channel = heard.channel_id();
    const bool as_json = lists(bounds_.json_up, channel);
    const auto* place = channel_named(*radio.facts, channel);
    const auto key = radio.keys.find(channel);
    if (!as_json && !lists(bounds_.up, channel)) return refused("not in up");
    if (place == nullptr || !place->second.uplink || key == radio.keys.end())
        return refused("uplink is off there");
    const auto data = open_packet(packet, key->second);
    if (!data) return bad_input("not under the channel's key");
    if (data->portnum() == kAdmin) return refused("administration");
    const bool own = packet.from() == radio.facts->number;
    if (!own && !bounds_.everybody && (data->bitfield() & kOkToMqtt) == 0)
        return refused("not OK to MQTT");
    if (too_fine(*data, key->second.precision)) return refused("a position too fine");
    GoesUp goes;
    if (as_json && data->portnum() == kText && data->emoji() == 0) {
        const JsonText text{packet.id(),
                            packet.from(),
                            packet.to(),
                            place->first,
                            packet.rx_time() == 0 ? now : packet.rx_time(),
                            heard.gateway_id(),
                            clean_utf8(data->payload())};
        goes.json = mqtt::MqttMessage{
            bounds_.root + "/2/json/" + channel + '/' + heard.gateway_id(), json_of(text), false};
    }
    return goes;
}

Result<GoesDown> GatewayRules::down(const mqtt::MqttMessage& message) const {
    if (message.retained) return bad_input("retained");
    auto envelope = envelopes_.read(message.topic, message.payload);
    if (!envelope.ok()) return envelope.error();
    pb::MeshPacket& packet = *envelope->mutable_packet();
    if (!lists(bounds_.down, envelope->channel_id())) return refused("not in down");
    if (!by_the_rules(packet)) return bad_input("no packet of a node");
    if (packet.payload_variant_case() != pb::MeshPacket::kEncrypted) return refused("in clear");
    // What it has come so far stays as it is.
    const std::uint32_t cut =
        packet.hop_limit() > bounds_.hops ? packet.hop_limit() - bounds_.hops : 0;
    packet.set_hop_limit(packet.hop_limit() - cut);
    if (packet.hop_start() >= cut) packet.set_hop_start(packet.hop_start() - cut);
    GoesDown goes{packet.from(), packet.id(), 0, envelope->channel_id(), {}};
    parse_node_id(envelope->gateway_id(), goes.gateway);
    if (packet.hop_limit() > 0) goes.item.air_bytes = kFrameHead + packet.encrypted().size();
    goes.item.envelope = envelope->SerializeAsString();
    if (goes.item.envelope.size() > ForDevice::kMostEnvelope)
        return bad_input("too long for a radio");
    // The device goes by what stands within.
    goes.item.topic = EnvelopeTopic{"msh", goes.channel, envelope->gateway_id()}.text();
    return goes;
}

bool GatewayRules::takes(const BrokerFacts& facts, const GoesDown& packet) {
    if (!facts.mqtt || !facts.proxy || facts.number == packet.gateway ||
        facts.number == packet.from)
        return false;
    if (packet.channel == kPki) return true;
    const auto* channel = channel_named(facts, packet.channel);
    return channel != nullptr && channel->second.downlink;
}

bool GatewayRules::is_wish(const std::string& topic) const {
    return !bounds_.json_down.empty() && topic.rfind(bounds_.root + kWishes, 0) == 0;
}

Result<ForDevice> GatewayRules::wish(const BrokerFacts& facts, const JsonWish& wish) const {
    const auto channel = facts.channels.find(wish.channel);
    if (channel == facts.channels.end() || !lists(bounds_.json_down, channel->second.name))
        return refused("not a channel of json_down");
    if (wish.text.size() > kMostWish) return refused("longer than one packet");
    ForDevice item;
    item.text = wish.text;
    item.channel = wish.channel;
    return item;
}

}  // namespace waypost::meshtastic
