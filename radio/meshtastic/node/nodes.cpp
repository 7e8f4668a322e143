// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/nodes.h"

#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/meshtastic/node/node_key.h"

namespace waypost::meshtastic {

KnownNode* Nodes::find(std::uint32_t number) {
    const auto found = nodes_.find(number);
    return found == nodes_.end() ? nullptr : &found->second;
}

const KnownNode* Nodes::find(std::uint32_t number) const {
    const auto found = nodes_.find(number);
    return found == nodes_.end() ? nullptr : &found->second;
}

KnownNode& Nodes::at(std::uint32_t number) {
    if (KnownNode* known = find(number)) return *known;
    if (nodes_.size() >= kMost) {
        const auto longest = std::min_element(
            nodes_.begin(), nodes_.end(),
            [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; });
        forgotten_ = longest->first;
        nodes_.erase(longest);
    }
    return nodes_[number];
}

std::size_t Nodes::heard_since(BoxTime since) const {
    return static_cast<std::size_t>(std::count_if(nodes_.begin(), nodes_.end(), [&](const auto& n) {
        return n.second.heard != BoxTime{} && n.second.heard >= since;
    }));
}

std::string Nodes::record(const KnownNode& node) { return to_hex(node.key) + ' ' + node.name; }

void Nodes::load(std::uint32_t number, const std::string& record) {
    const std::size_t space = record.find(' ');
    const auto key = from_hex(record.substr(0, space));
    if (!key || key->size() != kNodeKeyBytes || nodes_.size() >= kMost) return;
    KnownNode& node = nodes_[number];
    node.key = *key;
    if (space != std::string::npos) node.name = record.substr(space + 1);
}

}  // namespace waypost::meshtastic
