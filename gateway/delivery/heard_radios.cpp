// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/heard_radios.h"

namespace waypost {

void HeardRadios::note(const Address& radio, HeardRadio heard) {
    const std::lock_guard lock(mutex_);
    const auto known = radios_.find(radio);
    if (known != radios_.end()) {
        oldest_.erase({known->second.at, radio});
    } else if (radios_.size() >= kMost) {
        radios_.erase(oldest_.begin()->second);
        oldest_.erase(oldest_.begin());
    }
    oldest_.emplace(heard.at, radio);
    radios_.insert_or_assign(radio, std::move(heard));
}

std::optional<HeardRadio> HeardRadios::find(const Address& radio) const {
    const std::lock_guard lock(mutex_);
    const auto found = radios_.find(radio);
    return found == radios_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace waypost
