// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/village.h"

#include <toml++/toml.h>

#include "gateway/message/text.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::simulator {
namespace {

constexpr std::size_t kMostNodes = 200;

Error wrong(const std::string& file, const toml::node& node, const std::string& text) {
    return bad_input(file + ':' + std::to_string(node.source().begin.line) + ": " + text);
}

}  // namespace

Result<Village> load_village(const std::string& file) {
    Village village;
    try {
        const toml::table table = toml::parse_file(file);
        village.preset = table["channel"]["preset"].value_or(0);
        village.region = table["channel"]["region"].value_or(3);
        village.loss = table["channel"]["loss"].value_or(0.0);
        village.speed = table["channel"]["speed"].value_or(1.0);
        village.seed = table["channel"]["seed"].value_or(std::uint64_t{1});
        village.control = table["control"].value_or(std::string());
        if (!meshtastic_preset(village.preset))
            return bad_input(file + ": [channel] preset is not known");
        if (village.speed < 0.1 || village.speed > 1000)
            return bad_input(file + ": [channel] speed is 0.1 to 1000");
        const toml::array* nodes = table["node"].as_array();
        if (nodes == nullptr || nodes->empty())
            return bad_input(file + ": write a [[node]] for each radio");
        if (nodes->size() > kMostNodes) return bad_input(file + ": 200 radios at most");
        for (const auto& each : *nodes) {
            const toml::table& t = *each.as_table();
            VillageNode node;
            node.name = t["name"].value_or(std::string());
            node.long_name = t["long_name"].value_or(node.name);
            node.port = t["port"].value_or(std::string());
            const auto id = t["id"].value_or(std::string());
            if (node.name.empty()) return wrong(file, each, "a node needs a name");
            if (!meshtastic::parse_node_id(id, node.number))
                return wrong(file, each, "id is like \"!a1b2c3d4\"");
            village.nodes.push_back(std::move(node));
        }
        if (const toml::array* links = table["link"].as_array()) {
            for (const auto& each : *links) {
                const toml::table& t = *each.as_table();
                village.links.push_back({t["a"].value_or(std::string()),
                                         t["b"].value_or(std::string()), t["loss"].value_or(0.0)});
            }
        }
    } catch (const toml::parse_error& e) {
        return bad_input(file + ':' + std::to_string(e.source().begin.line) + ": " +
                         std::string(e.description()));
    }
    return village;
}

}  // namespace waypost::simulator
