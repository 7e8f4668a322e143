// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "tests/fakes/memory_state.h"

namespace waypost {

// For what has threads of its own. `values` only while they rest.
struct LockedState final : MemoryState {
    std::optional<std::string> get(const std::string& key) const override {
        const std::lock_guard lock(mutex);
        return MemoryState::get(key);
    }
    std::map<std::string, std::string> with_prefix(const std::string& prefix) const override {
        const std::lock_guard lock(mutex);
        return MemoryState::with_prefix(prefix);
    }
    void put(const std::string& key, std::string value) override {
        const std::lock_guard lock(mutex);
        MemoryState::put(key, std::move(value));
    }
    void erase(const std::string& key) override {
        const std::lock_guard lock(mutex);
        MemoryState::erase(key);
    }
    mutable std::mutex mutex;
};

}  // namespace waypost
