// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/transports.h"

#include <algorithm>

namespace waypost {

void Transports::add(std::shared_ptr<Transport> transport) {
    const std::lock_guard lock(mutex_);
    instances_.push_back(std::move(transport));
}

std::shared_ptr<Transport> Transports::remove(const TransportId& id) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(instances_.begin(), instances_.end(),
                                    [&](const auto& t) { return t->id() == id; });
    if (found == instances_.end()) return nullptr;
    auto transport = *found;
    instances_.erase(found);
    return transport;
}

void Transports::unplug(const TransportId& id) {
    const auto gone = remove(id);
    if (!gone) return;
    gone->stop();
    gone->give_back();
}

std::shared_ptr<Transport> Transports::find(const TransportId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(instances_.begin(), instances_.end(),
                                    [&](const auto& t) { return t->id() == id; });
    return found == instances_.end() ? nullptr : *found;
}

std::vector<std::shared_ptr<Transport>> Transports::all() const {
    const std::lock_guard lock(mutex_);
    return instances_;
}

std::vector<std::shared_ptr<Transport>> Transports::of_network(const std::string& network) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Transport>> result;
    std::copy_if(instances_.begin(), instances_.end(), std::back_inserter(result),
                 [&](const auto& t) { return t->network() == network; });
    return result;
}

}  // namespace waypost
