// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/mqtt/envelope.h"

#include <algorithm>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/unproven.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr char kEnvelopes[] = "/2/e/";

Error not_ours() { return {Code::Refused, "not a topic of ours", false}; }

}  // namespace

std::optional<EnvelopeTopic> envelope_topic(const std::string& topic) {
    const std::size_t at = topic.rfind(kEnvelopes);
    if (at == std::string::npos) return std::nullopt;
    const std::string tail = topic.substr(at + sizeof kEnvelopes - 1);
    const std::size_t slash = tail.find('/');
    return EnvelopeTopic{topic.substr(0, at), tail.substr(0, slash),
                         slash == std::string::npos ? std::string() : tail.substr(slash + 1)};
}

std::string EnvelopeTopic::text() const { return root + kEnvelopes + channel + '/' + gateway; }

Result<pb::ServiceEnvelope> read_envelope(const EnvelopeTopic& topic, const std::string& payload) {
    pb::ServiceEnvelope said;
    if (topic.gateway.empty() || payload.size() > Envelopes::kMostBytes ||
        !said.ParseFromString(payload) || !said.has_packet())
        return bad_input("no envelope");
    // What it says of its way has to be how it came.
    if (said.channel_id() != topic.channel || said.gateway_id() != topic.gateway)
        return bad_input("an envelope of another topic");
    pb::ServiceEnvelope envelope;  // without what else may stand in it
    *envelope.mutable_packet() = std::move(*said.mutable_packet());
    envelope.set_channel_id(topic.channel);
    envelope.set_gateway_id(topic.gateway);
    return envelope;
}

std::vector<std::string> Envelopes::filters() const {
    std::vector<std::string> all;
    for (const std::string& channel : channels_)
        all.push_back(EnvelopeTopic{root_, channel, "+"}.text());
    return all;
}

bool Envelopes::ours(const std::string& channel) const {
    return channel == kPki ||
           std::find(channels_.begin(), channels_.end(), channel) != channels_.end();
}

Result<pb::ServiceEnvelope> Envelopes::read(const std::string& topic,
                                            const std::string& payload) const {
    const auto way = envelope_topic(topic);
    std::uint32_t number = 0;
    if (!way || way->root != root_ || !ours(way->channel) || !parse_node_id(way->gateway, number) ||
        way->gateway != node_id(number))
        return not_ours();
    if (number == own_) return Error{Code::NotFound, "our own", false};
    auto envelope = read_envelope(*way, payload);
    if (!envelope.ok()) return envelope;
    pb::MeshPacket& packet = *envelope->mutable_packet();
    const bool sealed = packet.payload_variant_case() == pb::MeshPacket::kEncrypted;
    if (!sealed && !packet.has_decoded()) return bad_input("an empty packet");
    // A gateway that sends in clear does so with what its own node was told, too.
    if (way->channel == kPki && sealed && packet.channel() != 0)
        return bad_input("not sealed to a node");
    packet.set_via_mqtt(true);
    clear_claims(packet);
    return envelope;
}

std::string Envelopes::topic(const NodePacket& packet) const {
    return EnvelopeTopic{root_, packet.channel, node_id(own_)}.text();
}

std::string Envelopes::write(const NodePacket& packet) const {
    pb::ServiceEnvelope envelope;
    const bool open = open_ && !packet.open.empty();
    envelope.mutable_packet()->ParseFromString(open ? packet.open : packet.sealed);
    envelope.set_channel_id(packet.channel);
    envelope.set_gateway_id(node_id(own_));
    return envelope.SerializeAsString();
}

}  // namespace waypost::meshtastic
