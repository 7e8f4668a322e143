// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/node_settings.h"

#include <stdexcept>

#include "gateway/base/secret.h"
#include "radio/meshtastic/node/channel_list.h"

namespace waypost::meshtastic {
namespace {

std::vector<ChannelKey> channels_of(const std::string& path) {
    const auto text = read_secret_file(path);
    if (!text.ok()) throw std::runtime_error(text.error().text);
    auto channels = read_channel_list(text->reveal());
    if (!channels.ok()) throw std::runtime_error(path + ": " + channels.error().text);
    return std::move(*channels);
}

}  // namespace

NodeTransportOptions read_node(const SectionValues& values) {
    NodeTransportOptions options;
    options.text_bytes = static_cast<std::size_t>(values.integer("text_bytes"));
    options.node.name = values.text("name");
    options.node.short_name = values.text("short_name");
    options.node.channels = channels_of(values.text("channels"));
    options.node.hop_limit = static_cast<std::uint32_t>(values.integer("hops"));
    if (values.has("place")) {
        const auto place = parse_geo_point(values.text("place"));
        if (!place.ok()) throw std::runtime_error("place: " + place.error().text);
        options.node.place = *place;
    }
    return options;
}

}  // namespace waypost::meshtastic
