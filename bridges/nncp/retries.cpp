// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/retries.h"

#include <algorithm>

namespace waypost::nncp {

void Retries::failed(const SpoolPacket& packet, int failures, BoxTime now) {
    milliseconds wait = kFirst;
    for (int i = 1; i < failures && wait < kLongest; ++i) wait *= 2;
    due_[key(packet)] = now + std::min<milliseconds>(wait, kLongest);
}

bool Retries::waits(const SpoolPacket& packet, BoxTime now) const {
    const auto found = due_.find(key(packet));
    return found != due_.end() && now < found->second;
}

milliseconds Retries::until_next(BoxTime now, milliseconds most) {
    std::erase_if(due_, [&](const auto& each) { return each.second + kLongest < now; });
    for (const auto& [packet, due] : due_) {
        if (due > now) most = std::min(most, due - now);
    }
    return most;
}

}  // namespace waypost::nncp
