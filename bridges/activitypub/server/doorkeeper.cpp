// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/server/doorkeeper.h"

namespace waypost::activitypub {

std::optional<Doorkeeper::Admitted> Doorkeeper::admit(const std::string& who, BoxTime now) {
    const std::lock_guard lock(mutex_);
    const auto his = in_hand_.find(who);
    if (his != in_hand_.end() && his->second >= at_once_) return std::nullopt;
    if (!limit_.may_ask(who, now)) return std::nullopt;
    ++in_hand_[who];
    return std::make_optional<Admitted>(*this, who);
}

std::size_t Doorkeeper::known() const {
    const std::lock_guard lock(mutex_);
    return limit_.known() + in_hand_.size();
}

Doorkeeper::Admitted::~Admitted() {
    if (keeper_ == nullptr) return;
    const std::lock_guard lock(keeper_->mutex_);
    const auto his = keeper_->in_hand_.find(who_);
    if (--his->second == 0) keeper_->in_hand_.erase(his);
}

}  // namespace waypost::activitypub
