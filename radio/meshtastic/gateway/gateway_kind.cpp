// SPDX-License-Identifier: Apache-2.0
// The settings of radios on a broker, and how they make a transport.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "gateway/io/mqtt/mqtt_settings.h"
#include "radio/meshtastic/gateway/gateway_transport.h"
#include "radio/meshtastic/gateway/meshtastic_gateway.h"
#include "radio/meshtastic/mqtt/root_setting.h"
#include "radio/meshtastic/node/own_node.h"

namespace waypost::meshtastic {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    mqtt::kBrokerSetting,
    mqtt::kUserSetting,
    mqtt::kPasswordSetting,
    mqtt::kCaFileSetting,
    mqtt::kVersionSetting,
    Setting{"root", Kind::Text, "msh", "", "", "before /2/e/ in topics: \"msh/EU_868\"", false,
            true},
    Setting{"radios", Kind::List, "", "", "",
            "which of [meshtastic.*], by their names; empty: all of them", false, true},
    Setting{"up", Kind::List, "", "", "",
            "channels of which the broker gets what the radios hear, as it was sealed; \"PKI\": "
            "what is sealed to one node",
            false, true},
    Setting{"down", Kind::List, "", "", "",
            "channels of which the radios send what others put on the broker; \"PKI\" likewise",
            false, true},
    Setting{"everybody", Kind::Boolean, "false", "", "",
            "up goes also what its sender does not let go to MQTT; only for a broker of the "
            "village's own",
            false, true},
    Setting{"json_up", Kind::List, "", "", "",
            "channels whose texts the broker gets in JSON too, in clear for all who read there",
            false, true},
    Setting{"json_down", Kind::List, "", "", "",
            "channels on which a radio says what comes by JSON, whoever wrote it", false, true},
    Setting{"hops", Kind::Integer, "1", "0..7", "",
            "at most, of what comes from the broker; 0: the radio itself alone, nothing on the air",
            false, true},
    Setting{"share", Kind::Integer, "25", "1..100", "percent",
            "of a radio's airtime, at most, for what comes from the broker", false, true},
};
constexpr Section kSection{"meshtastic_gateway", true,
                           "The box's Meshtastic radios on an MQTT broker, as gateways of their "
                           "mesh. MQTT, its client proxy and its encryption are on at the radio.",
                           kSettings};

std::vector<std::string> channels(const SectionValues& values, std::string_view key, bool pki) {
    std::vector<std::string> all = values.list(key);
    for (const std::string& name : all) {
        if (name == kPki && !pki)
            throw std::runtime_error(std::string(key) +
                                     ": what is sealed to one node has no text "
                                     "here; name channels");
        const auto good = channel_key(name, {});
        if (!good.ok()) throw std::runtime_error(std::string(key) + ": " + good.error().text);
    }
    return all;
}

GatewayBounds read_bounds(const SectionValues& values) {
    GatewayBounds bounds;
    bounds.root = read_root(values);
    bounds.up = channels(values, "up", true);
    bounds.down = channels(values, "down", true);
    bounds.json_up = channels(values, "json_up", false);
    bounds.json_down = channels(values, "json_down", false);
    if (bounds.up.empty() && bounds.down.empty() && bounds.json_up.empty() &&
        bounds.json_down.empty())
        throw std::runtime_error(
            "up: name the channels that may pass, here or in down, json_up or "
            "json_down; nothing passes by itself");
    bounds.everybody = values.boolean("everybody");
    bounds.hops = static_cast<std::uint32_t>(values.integer("hops"));
    return bounds;
}

std::unique_ptr<Transport> make(std::shared_ptr<BrokerHub> hub, TransportId id,
                                const SectionValues& values) {
    GatewayTransportOptions options;
    options.broker = mqtt::read_broker(values);
    options.bounds = read_bounds(values);
    options.radios = values.list("radios");
    options.share_percent = static_cast<int>(values.integer("share"));
    return std::make_unique<GatewayTransport>(std::move(id), std::move(options), std::move(hub));
}

}  // namespace

TransportKind meshtastic_gateway_kind(std::shared_ptr<BrokerHub> hub) {
    return {&kSection,
            [hub = std::move(hub)](TransportId id, const SectionValues& values) {
                return make(hub, std::move(id), values);
            },
            {},
            {},
            true};
}

}  // namespace waypost::meshtastic
