// SPDX-License-Identifier: Apache-2.0
// The settings of the node on a broker, and how they make a transport.
#include <array>
#include <stdexcept>

#include "gateway/base/secret.h"
#include "gateway/io/mqtt/mqtt_settings.h"
#include "radio/meshtastic/mqtt/meshtastic_mqtt.h"
#include "radio/meshtastic/mqtt/mqtt_carrier.h"
#include "radio/meshtastic/node/channel_list.h"
#include "radio/meshtastic/node/node_transport.h"

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
    Setting{"channels", Kind::SecretFile, "", "", "",
            "file of mode 0600, a line for each channel: NAME KEY, or NAME KEY PRECISION", true,
            true},
    Setting{"name", Kind::Text, "", "", "", "of the node, at most 24 bytes; empty: the village",
            false, true},
    Setting{"short_name", Kind::Text, "", "", "", "at most 4 bytes; empty: cut from name", false,
            true},
    Setting{"encryption", Kind::Boolean, "true", "", "",
            "of what goes on channels, as the gateways have it; false: in clear, and such packets "
            "are believed. What goes to a person is sealed to his key in any case",
            false, true},
    Setting{"place", Kind::GeoPlace, "", "", "",
            "\"47.1234, 11.5678\", told as finely as each channel's PRECISION; empty: not told",
            false, true},
    Setting{"hops", Kind::Integer, "3", "0..7", "", "over which radios repeat what we say", false,
            true},
    Setting{"text_bytes", Kind::Integer, "200", "130..220", "bytes",
            "longest text of one packet; apps of handhelds stop at 200", false, true},
};
constexpr Section kSection{"meshtastic_mqtt", true,
                           "A Meshtastic node of the box's own, without a radio, on an MQTT broker "
                           "that radios use as gateways.",
                           kSettings};

std::vector<ChannelKey> channels_of(const std::string& path) {
    const auto text = read_secret_file(path);
    if (!text.ok()) throw std::runtime_error(text.error().text);
    auto channels = read_channel_list(text->reveal());
    if (!channels.ok()) throw std::runtime_error(path + ": " + channels.error().text);
    return std::move(*channels);
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    NodeTransportOptions options;
    options.text_bytes = static_cast<std::size_t>(values.integer("text_bytes"));
    options.node.name = values.text("name");
    options.node.short_name = values.text("short_name");
    options.node.channels = channels_of(values.text("channels"));
    options.node.hop_limit = static_cast<std::uint32_t>(values.integer("hops"));
    options.node.takes_open = !values.boolean("encryption");
    if (values.has("place")) {
        const auto place = parse_geo_point(values.text("place"));
        if (!place.ok()) throw std::runtime_error("place: " + place.error().text);
        options.node.place = *place;
    }
    MqttCarrierOptions carrier;
    carrier.broker = mqtt::read_broker(values);
    carrier.root = values.text("root");
    if (!mqtt::is_topic(carrier.root) || carrier.root.back() == '/')
        throw std::runtime_error("root: \"" + carrier.root + "\" is no topic, as msh/EU_868 is");
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
