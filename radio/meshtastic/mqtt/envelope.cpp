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

std::vector<std::string> Envelopes::filters() const {
    std::vector<std::string> all;
    for (const std::string& channel : channels_) all.push_back(root_ + kEnvelopes + channel + "/+");
    all.push_back(root_ + kEnvelopes + kPki + "/+");
    return all;
}

bool Envelopes::ours(const std::string& channel) const {
    return channel == kPki ||
           std::find(channels_.begin(), channels_.end(), channel) != channels_.end();
}

Result<pb::MeshPacket> Envelopes::read(const std::string& topic, const std::string& payload) const {
    const std::string head = root_ + kEnvelopes;
    if (topic.rfind(head, 0) != 0) return not_ours();
    const std::size_t slash = topic.find('/', head.size());
    if (slash == std::string::npos) return not_ours();
    const std::string channel = topic.substr(head.size(), slash - head.size());
    const std::string gateway = topic.substr(slash + 1);
    std::uint32_t number = 0;
    if (!ours(channel) || !parse_node_id(gateway, number) || gateway != node_id(number))
        return not_ours();
    if (number == own_) return Error{Code::NotFound, "our own", false};
    pb::ServiceEnvelope envelope;
    if (payload.size() > kMostBytes || !envelope.ParseFromString(payload) || !envelope.has_packet())
        return bad_input("no envelope");
    // What it says of its way has to be how it came.
    if (envelope.channel_id() != channel || envelope.gateway_id() != gateway)
        return bad_input("an envelope of another topic");
    pb::MeshPacket packet = std::move(*envelope.mutable_packet());
    const bool sealed = packet.payload_variant_case() == pb::MeshPacket::kEncrypted;
    if (!sealed && !packet.has_decoded()) return bad_input("an empty packet");
    // A gateway that sends in clear does so with what its own node was told, too.
    if (channel == kPki && sealed && packet.channel() != 0)
        return bad_input("not sealed to a node");
    packet.set_via_mqtt(true);
    clear_claims(packet);
    return packet;
}

std::string Envelopes::topic(const NodePacket& packet) const {
    return root_ + kEnvelopes + packet.channel + '/' + node_id(own_);
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
