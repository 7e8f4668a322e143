// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/transfer.h"

#include <algorithm>

namespace waypost::nncp {

const char* to_string(Transfer::Outcome outcome) {
    switch (outcome) {
        case Transfer::Outcome::Moved:
            return "moved";
        case Transfer::Outcome::Known:
            return "known";
        case Transfer::Outcome::Left:
            return "left";
        case Transfer::Outcome::Damaged:
            break;
    }
    return "damaged";
}

Error stopped() { return {Code::Conflict, "stopped before the end", true}; }

std::size_t TransferReport::count(Transfer::Outcome outcome, Way way) const {
    return static_cast<std::size_t>(std::count_if(
        transfers.begin(), transfers.end(),
        [&](const Transfer& each) { return each.outcome == outcome && each.way == way; }));
}

bool TransferOptions::wants(const NodeId& node) const {
    return nodes.empty() || std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace waypost::nncp
