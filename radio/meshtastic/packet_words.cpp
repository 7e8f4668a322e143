// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/packet_words.h"

#include "meshtastic.pb.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

struct PortName {
    std::uint32_t port;
    const char* name;
};
// Meshtastic portnums.proto.
constexpr PortName kPorts[] = {{0, "unknown"},
                               {kText, "text"},
                               {2, "remote hardware"},
                               {kPosition, "position"},
                               {kNodeInfo, "node info"},
                               {kRouting, "routing"},
                               {kAdmin, "admin"},
                               {7, "compressed text"},
                               {8, "waypoint"},
                               {9, "audio"},
                               {10, "detection sensor"},
                               {kAlert, "alert"},
                               {12, "key verification"},
                               {32, "reply"},
                               {33, "IP tunnel"},
                               {34, "people counter"},
                               {64, "serial"},
                               {65, "store and forward"},
                               {66, "range test"},
                               {kTelemetry, "telemetry"},
                               {68, "ZPS"},
                               {69, "simulator"},
                               {kTraceRoute, "traceroute"},
                               {71, "neighbour info"},
                               {72, "ATAK"},
                               {73, "map report"},
                               {74, "power stress"},
                               {76, "Reticulum tunnel"},
                               {77, "Cayenne"},
                               {256, "private"},
                               {257, "ATAK forwarder"}};

std::string telemetry_kind(const std::string& payload) {
    pb::Telemetry telemetry;
    if (!telemetry.ParseFromString(payload)) return {};
    if (telemetry.has_device_metrics()) return " of the device";
    if (telemetry.has_environment_metrics()) return " of the environment";
    if (telemetry.has_air_quality_metrics()) return " of the air";
    if (telemetry.has_power_metrics()) return " of power";
    if (telemetry.has_local_stats()) return " of the radio";
    if (telemetry.has_health_metrics()) return " of health";
    if (telemetry.has_host_metrics()) return " of its host";
    return {};
}

std::string routing_words(const pb::Data& data) {
    pb::Routing routing;
    if (!routing.ParseFromString(data.payload()) || !routing.has_error_reason()) return {};
    const std::string about = data.request_id() == 0 ? "" : " of " + node_id(data.request_id());
    if (routing.error_reason() == kNone) return ": ack" + about;
    return ": error " + std::to_string(routing.error_reason()) + about;
}

std::string kind(const pb::MeshPacket& packet) {
    if (!packet.has_decoded()) return "sealed for others";
    const pb::Data& data = packet.decoded();
    std::string words = port_name(data.portnum());
    if (data.portnum() == kTelemetry) words += telemetry_kind(data.payload());
    if (data.portnum() == kRouting) words += routing_words(data);
    return words;
}

std::string node(std::uint32_t number) { return number == kBroadcast ? "all" : node_id(number); }

std::string words(const pb::MeshPacket& packet, std::uint32_t from) {
    std::string text = kind(packet) + ", " + node(from) + " to " + node(packet.to()) + ", id " +
                       node_id(packet.id()).substr(1) + ", hops " +
                       std::to_string(packet.hop_limit());
    if (packet.hop_start() > 0) text += " of " + std::to_string(packet.hop_start());
    if (packet.pki_encrypted()) text += ", sealed to a key";
    if (packet.via_mqtt()) text += ", by MQTT";
    return text;
}

std::size_t length(const pb::MeshPacket& packet) {
    return packet.has_decoded() ? packet.decoded().payload().size() : packet.encrypted().size();
}

}  // namespace

std::string port_name(std::uint32_t port) {
    for (const PortName& each : kPorts)
        if (each.port == port) return each.name;
    return "port " + std::to_string(port);
}

PacketSeen heard_packet(const pb::MeshPacket& packet) {
    PacketSeen seen;
    seen.bytes = length(packet);
    seen.text = words(packet, packet.from());
    if (packet.rx_rssi() != 0) {  // it came by the antenna
        seen.rssi_dbm = packet.rx_rssi();
        seen.snr_db = packet.rx_snr();
    }
    return seen;
}

PacketSeen sent_packet(const pb::MeshPacket& packet, std::uint32_t from) {
    PacketSeen seen;
    seen.out = true;
    seen.bytes = length(packet);
    seen.text = words(packet, from);
    return seen;
}

}  // namespace waypost::meshtastic
