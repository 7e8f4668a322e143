// SPDX-License-Identifier: Apache-2.0
// The courier as the gateway uses it: by the settings, and in words for the status.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "bridges/nncp/courier/courier.h"
#include "bridges/nncp/nncp_options.h"

namespace waypost::nncp {

// Whose queues hold what waits for an ACK of one of these nodes: their own, or their relay's.
std::set<NodeId> answering_hops(const NodeConfig& config, const std::set<std::string>& acks);

// Null where neither sticks nor folders are wanted. `event` as of Courier.
std::unique_ptr<Courier> make_courier(const NodeConfig& config, const Spool& spool,
                                      const NncpOptions& options, Courier::OnEvent event);

// "safe to pull, 3 came, 2 went, 1 left: no room".
std::string words_of(const StickStatus& stick);

}  // namespace waypost::nncp
