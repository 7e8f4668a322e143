// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/revoked.h"

#include "gateway/base/encoding.h"

namespace waypost::nncp {

std::string key_print(const Node& node) { return short_hash("nncp node " + to_base32(node.id)); }

std::set<std::string> forget_revoked(NodeConfig& config, NncpOptions& options,
                                     const std::set<std::string>& prints) {
    std::set<std::string> names, ids;
    for (const auto& [name, node] : config.nodes) {
        if (name == "self" || prints.count(key_print(node)) == 0) continue;
        names.insert(name);
        ids.insert(to_base32(node.id));
    }
    const auto gone = [&](const std::string& name_or_id) {
        return names.count(name_or_id) > 0 || ids.count(name_or_id) > 0;
    };
    for (const std::string& name : names) config.nodes.erase(name);
    for (auto& [name, node] : config.nodes) std::erase_if(node.via, gone);
    for (auto& [name, area] : config.areas) std::erase_if(area.subscribers, gone);
    std::erase_if(options.carries, [&](const auto& each) { return gone(each.second); });
    std::erase_if(options.links, [&](const auto& each) { return gone(each.first); });
    for (auto* list :
         {&options.compact, &options.batched, &options.trusted, &options.acks, &options.at_once})
        std::erase_if(*list, gone);
    return names;
}

}  // namespace waypost::nncp
