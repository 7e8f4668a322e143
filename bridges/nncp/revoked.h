// SPDX-License-Identifier: Apache-2.0
// Nodes whose keys are revoked (gateway/peer_keys.h): a box that was stolen. Pure.
#pragma once

#include <set>
#include <string>

#include "bridges/nncp/nncp_options.h"
#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

// Of its signing key, whose hash the id is.
std::string key_print(const Node& node);

// Takes out of both whatever is about a node with such a key: then its packets are a stranger's, it
// cannot call, nothing is queued for it, and no other's packets go by way of it. Its names.
std::set<std::string> forget_revoked(NodeConfig& config, NncpOptions& options,
                                     const std::set<std::string>& prints);

}  // namespace waypost::nncp
