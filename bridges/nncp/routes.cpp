// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/routes.h"

#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr int kByName = 3;
constexpr int kElsewhere = 0;  // any other way goes before

const Node& known(const NodeConfig& config, const std::string& name, const char* setting) {
    const Node* node = config.find(name);
    if (node == nullptr)
        throw std::runtime_error(std::string(setting) + ": the node configuration knows no " +
                                 name);
    return *node;
}

}  // namespace

Routes::Routes(const NodeConfig& config, const NncpOptions& options)
    : config_(config), options_(options) {
    for (const auto& [domain, name] : options.carries) {
        const Node& node = known(config, name, "carries");
        if (domain == "*") {
            rest_ = &node;
            continue;
        }
        const auto address = parse_address("mailto:x@" + domain);
        if (!address.ok()) throw std::runtime_error("carries: " + domain + " is no domain");
        by_domain_[std::string(address->domain())] = &node;
    }
    for (const auto& name : options.compact) known(config, name, "compact");
    for (const auto& name : options.batched) {
        known(config, name, "batched");
        if (options.compact.count(name) > 0)
            throw std::runtime_error("compact and batched: " + name + " is one of them");
    }
    for (const auto& name : options.trusted) known(config, name, "trusted");
    for (const auto& name : options.acks) known(config, name, "acks");
    for (const auto& [area, group] : options.areas) {
        if (config.find_area(area) == nullptr)
            throw std::runtime_error("areas: the node configuration knows no area " + area);
    }
}

const Node* Routes::node_for(const Address& to) const {
    if (to.scheme != "mailto" || to.domain() == kAreaDomain) return nullptr;
    const std::string domain(to.domain());
    const auto found = by_domain_.find(domain);
    if (found != by_domain_.end()) return found->second;
    const Node* itself = named(domain);
    return itself != nullptr ? itself : rest_;
}

// "laptop.nncp.invalid" is the node laptop.
const Node* Routes::named(std::string_view domain) const {
    const std::string_view end = kNodeDomains;
    if (domain.size() <= end.size() || domain.substr(domain.size() - end.size()) != end)
        return nullptr;
    const std::string_view name = domain.substr(0, domain.size() - end.size());
    for (const auto& [each, node] : config_.nodes)
        if (each != "self" && lower_ascii(each) == name) return &node;
    return nullptr;
}

const Area* Routes::area_for(const Address& to) const {
    if (to.scheme != "mailto" || to.domain() != kAreaDomain) return nullptr;
    const std::string name(to.local_part());
    return options_.areas.count(name) > 0 ? config_.find_area(name) : nullptr;
}

std::optional<int> Routes::reach(const Address& to) const {
    if (area_for(to) != nullptr) return kByName;
    const Node* node = node_for(to);
    if (node == nullptr) return std::nullopt;
    const std::string domain(to.domain());
    return by_domain_.count(domain) > 0 || named(domain) != nullptr ? kByName : kElsewhere;
}

Form Routes::form_of(const Node& node) const {
    if (options_.compact.count(node.name) > 0) return Form::Compact;
    return options_.batched.count(node.name) > 0 ? Form::BatchSmtp : Form::Mail;
}

std::string Routes::domain_of(const Node& node) const {
    for (const auto& [domain, carrier] : by_domain_) {
        if (carrier == &node) return domain;
    }
    return node.name + kNodeDomains;
}

// A Waypost box takes mail for its own domain only.
Address Routes::address_at(const std::string& name, const Node& node) const {
    if (form_of(node) == Form::Compact) return mailto("postmaster", domain_of(node));
    return mailto(name, lower_ascii(node.name) + kNodeDomains);
}

}  // namespace waypost::nncp
