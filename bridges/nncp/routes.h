// SPDX-License-Identifier: Apache-2.0
// Which node carries mail for which domain, and in which form. Immutable, thus thread-safe.
#pragma once

#include <optional>
#include <string>

#include "bridges/nncp/nncp_options.h"
#include "bridges/nncp/node/node_config.h"
#include "gateway/message/address.h"

namespace waypost::nncp {

enum class Form { Mail, BatchSmtp, Compact };

// The mail domain of addresses that mean an area: "news@area.nncp.invalid" (RFC 2606).
inline constexpr char kAreaDomain[] = "area.nncp.invalid";
// And of those that mean a node itself, whatever it carries: "care@laptop.nncp.invalid".
inline constexpr char kNodeDomains[] = ".nncp.invalid";

class Routes {
  public:
    // Both outlive it. Throws std::runtime_error with a sentence for the operator: a node or area
    // that is not known, a domain that is none.
    Routes(const NodeConfig& config, const NncpOptions& options);

    const Node* node_for(const Address& to) const;  // null: none
    const Area* area_for(const Address& to) const;  // null: it means none
    // As Transport::reach: a domain by name goes before other ways, "*" behind them.
    std::optional<int> reach(const Address& to) const;
    Form form_of(const Node& node) const;
    bool acks(const Node& node) const { return options_.acks.count(node.name) > 0; }
    bool trusted(const Node& node) const { return options_.trusted.count(node.name) > 0; }
    // Where answers to what the node itself sent go, with this name.
    Address address_at(const std::string& name, const Node& node) const;
    // By which the node is named as a sender: the first domain that it carries, in order, else one
    // that nobody has.
    std::string domain_of(const Node& node) const;

  private:
    const Node* named(std::string_view domain) const;  // null: it means none
    const NodeConfig& config_;
    const NncpOptions& options_;
    std::map<std::string, const Node*> by_domain_;
    const Node* rest_ = nullptr;
};

}  // namespace waypost::nncp
