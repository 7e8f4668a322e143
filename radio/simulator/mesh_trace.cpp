// SPDX-License-Identifier: Apache-2.0
// Traceroute as nodes of firmware 2.8 do it: each adds itself and how well it heard the one before,
// the addressee sends what it got back, and the asker's own node adds what it heard.
#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/mesh_node.h"

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

constexpr float kSnrSteps = 4;  // of a dB

bool is_trace(const pb::MeshPacket& packet) { return packet.decoded().portnum() == kTraceRoute; }

}  // namespace

void MeshNode::note_on_way(pb::MeshPacket& packet, float snr) const {
    pb::RouteDiscovery way;
    if (!is_trace(packet) || !way.ParseFromString(packet.decoded().payload())) return;
    const bool there = packet.decoded().request_id() == 0;
    (there ? way.mutable_snr_towards() : way.mutable_snr_back())
        ->Add(static_cast<int>(snr * kSnrSteps));
    if (packet.to() != number())
        (there ? way.mutable_route() : way.mutable_route_back())->Add(number());
    packet.mutable_decoded()->set_payload(way.SerializeAsString());
}

void MeshNode::answer_trace(const pb::MeshPacket& packet) {
    if (!is_trace(packet) || !packet.decoded().want_response()) return;
    pb::MeshPacket reply;
    reply.set_to(packet.from());
    reply.set_hop_limit(options_.hop_limit);
    reply.mutable_decoded()->set_portnum(kTraceRoute);
    reply.mutable_decoded()->set_request_id(packet.id());
    reply.mutable_decoded()->set_payload(packet.decoded().payload());
    send(reply);
}

}  // namespace waypost::simulator
