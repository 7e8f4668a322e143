// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/id_memory.h"

#include <algorithm>
#include <sstream>

namespace waypost::activitypub::client {

IdMemory::IdMemory(TransportState& state, std::string prefix)
    : state_(state), prefix_(std::move(prefix)) {
    for (const auto& [place, text] : state_.with_prefix(prefix_ + '/')) {
        std::istringstream words(text);
        std::uint64_t number = 0;
        std::string key, value;
        if (!(words >> number >> key >> value)) continue;
        slots_[number % kMost] = key;
        values_[key] = value;
        keys_[value] = key;
        next_ = std::max(next_, number + 1);
    }
}

void IdMemory::put(const std::string& key, const std::string& value) {
    const std::lock_guard lock(mutex_);
    if (values_.count(key) > 0) return;
    const std::uint64_t number = next_++;
    const std::size_t slot = number % kMost;
    forget(slot);
    slots_[slot] = key;
    values_[key] = value;
    keys_[value] = key;
    state_.put(place(slot), std::to_string(number) + ' ' + key + ' ' + value);
}

void IdMemory::forget(std::size_t slot) {
    const auto there = slots_.find(slot);
    if (there == slots_.end()) return;
    const std::string key = there->second;
    const std::string value = values_[key];
    const auto back = keys_.find(value);
    if (back != keys_.end() && back->second == key) keys_.erase(back);
    values_.erase(key);
    slots_.erase(there);
}

std::string IdMemory::value_of(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(key);
    return found == values_.end() ? std::string() : found->second;
}

std::string IdMemory::key_of(const std::string& value) const {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(value);
    return found == keys_.end() ? std::string() : found->second;
}

void IdMemory::clear() {
    const std::lock_guard lock(mutex_);
    for (const auto& [slot, key] : slots_) state_.erase(place(slot));
    slots_.clear();
    values_.clear();
    keys_.clear();
}

}  // namespace waypost::activitypub::client
