// SPDX-License-Identifier: Apache-2.0
// What leaves the node: packets under a channel's key, or sealed to a node's.
#include <cmath>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/blur.h"
#include "radio/meshtastic/node/own_node.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr std::uint32_t kOkToMqtt = 1;       // Data.bitfield
constexpr std::uint32_t kWantsResponse = 2;  // likewise: the same as want_response
constexpr std::uint32_t kPrivateHardware = 255;

pb::Data marked(const pb::Data& data) {
    pb::Data out = data;
    out.set_bitfield(kOkToMqtt | (data.want_response() ? kWantsResponse : 0));
    return out;
}

pb::MeshPacket head(std::uint32_t from, std::uint32_t to, std::uint32_t id,
                    std::uint32_t hop_limit) {
    pb::MeshPacket packet;
    packet.set_from(from);
    packet.set_to(to);
    packet.set_id(id);
    packet.set_hop_limit(hop_limit);
    packet.set_hop_start(hop_limit);
    return packet;
}

}  // namespace

NodePacket OwnNode::on_channel(const ChannelKey& channel, std::uint32_t to, const pb::Data& data,
                               bool want_ack) {
    const pb::Data whole = marked(data);
    pb::MeshPacket packet = head(number(), to, new_id(), options_.hop_limit);
    packet.set_want_ack(want_ack);
    NodePacket out{packet.id(), channel.name, {}, {}};
    packet.set_channel(channel.hash);
    packet.set_encrypted(crypt(channel, number(), packet.id(), whole.SerializeAsString()));
    out.sealed = packet.SerializeAsString();
    packet.set_channel(0);
    *packet.mutable_decoded() = whole;
    out.open = packet.SerializeAsString();
    return out;
}

std::optional<NodePacket> OwnNode::sealed_to(const std::string& key, std::uint32_t to,
                                             std::uint32_t id, const pb::Data& data) {
    const std::string sealed =
        key_.seal(key, number(), id, static_cast<std::uint32_t>(random_.next()),
                  marked(data).SerializeAsString());
    if (sealed.empty()) return std::nullopt;
    pb::MeshPacket packet = head(number(), to, id, options_.hop_limit);
    packet.set_want_ack(true);
    packet.set_pki_encrypted(true);
    packet.set_encrypted(sealed);
    return NodePacket{id, kPki, packet.SerializeAsString(), {}};
}

void OwnNode::put(NodePacket packet, const std::string& words, NodeActions& actions) {
    PacketSeen seen;
    seen.out = true;
    seen.bytes = packet.sealed.size();
    seen.text = words + ", id " + node_id(packet.id).substr(1);
    actions.packets.push_back(std::move(seen));
    actions.send.push_back(std::move(packet));
}

void OwnNode::send_user(std::uint32_t to, bool ask_back, NodeActions& actions) {
    pb::User user;
    user.set_id(node_id(number()));
    user.set_long_name(options_.name);
    user.set_short_name(options_.short_name);
    user.set_hw_model(kPrivateHardware);
    user.set_public_key(key_.public_key());
    pb::Data data;
    data.set_portnum(kNodeInfo);
    data.set_payload(user.SerializeAsString());
    data.set_want_response(ask_back);
    if (to != kBroadcast)
        return put(on_channel(options_.channels.front(), to, data, false),
                   "node info to " + node_id(to), actions);
    for (const ChannelKey& channel : options_.channels)
        put(on_channel(channel, to, data, false), "node info to all", actions);
}

// Acks go under a channel's key, as firmware sends them.
void OwnNode::send_routing(std::uint32_t to, std::uint32_t id, std::uint32_t error,
                           NodeActions& actions) {
    pb::Routing routing;
    routing.set_error_reason(error);
    pb::Data data;
    data.set_portnum(kRouting);
    data.set_payload(routing.SerializeAsString());
    data.set_request_id(id);
    put(on_channel(options_.channels.front(), to, data, false),
        error == kNone ? "ack to " + node_id(to) : "error to " + node_id(to), actions);
}

NodeActions OwnNode::announce(BoxTime now) {
    NodeActions actions;
    next_announce_ = now + options_.node_info_every;
    send_user(kBroadcast, false, actions);
    if (!options_.place) return actions;
    pb::Position here;
    here.set_latitude_i(static_cast<std::int32_t>(std::lround(options_.place->latitude * 1e7)));
    here.set_longitude_i(static_cast<std::int32_t>(std::lround(options_.place->longitude * 1e7)));
    for (const ChannelKey& channel : options_.channels) {
        pb::Data data;
        data.set_portnum(kPosition);
        data.set_payload(blur_position(here.SerializeAsString(), channel.precision));
        if (!data.payload().empty())
            put(on_channel(channel, kBroadcast, data, false), "position to all", actions);
    }
    return actions;
}

}  // namespace waypost::meshtastic
