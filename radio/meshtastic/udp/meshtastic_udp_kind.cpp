// SPDX-License-Identifier: Apache-2.0
// The settings of the node on a local network, and how they make a transport.
#include <array>
#include <stdexcept>

#include "radio/meshtastic/node/node_settings.h"
#include "radio/meshtastic/udp/meshtastic_udp.h"
#include "radio/meshtastic/udp/udp_carrier.h"

namespace waypost::meshtastic {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"interface", Kind::Text, "", "", "",
            "\"eth0\", or its IPv4 address; empty: all that are on a network, no tunnels", false,
            true},
    Setting{"group", Kind::Text, "224.0.0.69", "", "", "multicast address, as the radios have it",
            false, true},
    Setting{"port", Kind::Integer, "4403", "1..65535", "", "of UDP, likewise", false, true},
    kChannelsSetting,
    kNameSetting,
    kShortNameSetting,
    kPlaceSetting,
    kHopsSetting,
    kTextBytesSetting,
};
constexpr Section kSection{"meshtastic_udp", true,
                           "A Meshtastic node of the box's own, without a radio, on a local "
                           "network with radios that have UDP broadcast on.",
                           kSettings};

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    UdpCarrierOptions carrier;
    carrier.group = {values.text("group"), static_cast<int>(values.integer("port"))};
    carrier.interface = values.text("interface");
    if (!is_multicast(carrier.group.address))
        throw std::runtime_error("group: \"" + carrier.group.address +
                                 "\" is no IPv4 multicast address, as 224.0.0.69 is");
    return std::make_unique<NodeTransport>(std::move(id), read_node(values),
                                           std::make_unique<UdpCarrier>(std::move(carrier)));
}

}  // namespace

TransportKind meshtastic_udp_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::meshtastic
