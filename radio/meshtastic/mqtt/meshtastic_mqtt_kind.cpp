// SPDX-License-Identifier: Apache-2.0
// The settings of the node on a broker, and how they make a transport.
#include <array>

#include "gateway/io/mqtt/mqtt_settings.h"
#include "radio/meshtastic/mqtt/meshtastic_mqtt.h"
#include "radio/meshtastic/mqtt/mqtt_carrier.h"
#include "radio/meshtastic/mqtt/root_setting.h"
#include "radio/meshtastic/node/node_settings.h"

namespace waypost::meshtastic {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    mqtt::kBrokerSetting,
    mqtt::kUserSetting,
    mqtt::kPasswordSetting,
    mqtt::kCaFileSetting,
    mqtt::kVersionSetting,
    Setting{"root", Kind::Text, "msh", "", "",
            "before /2/e/ in topics; as the radios' gateways have it: \"msh/EU_868\"", false, true},
    kChannelsSetting,
    kNameSetting,
    kShortNameSetting,
    Setting{"encryption", Kind::Boolean, "true", "", "",
            "of what goes on channels, as the gateways have it; false: in clear, and such packets "
            "are believed. What goes to a person is sealed to his key in any case",
            false, true},
    kPlaceSetting,
    kHopsSetting,
    kTextBytesSetting,
};
constexpr Section kSection{"meshtastic_mqtt", true,
                           "A Meshtastic node of the box's own, without a radio, on an MQTT broker "
                           "that radios use as gateways.",
                           kSettings};

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    NodeTransportOptions options = read_node(values);
    options.node.takes_open = !values.boolean("encryption");
    MqttCarrierOptions carrier;
    carrier.broker = mqtt::read_broker(values);
    carrier.root = read_root(values);
    for (const ChannelKey& channel : options.node.channels)
        carrier.channels.push_back(channel.name);
    carrier.open = options.node.takes_open;
    carrier.instance = values.instance();
    return std::make_unique<NodeTransport>(std::move(id), std::move(options),
                                           std::make_unique<MqttCarrier>(std::move(carrier)));
}

}  // namespace

TransportKind meshtastic_mqtt_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::meshtastic
