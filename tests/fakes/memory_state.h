// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "gateway/transport.h"

namespace waypost {

// A transport's state that lasts as long as the test keeps it.
struct MemoryState : TransportState {
    std::optional<std::string> get(const std::string& key) const override {
        const auto found = values.find(key);
        return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
    }
    std::map<std::string, std::string> with_prefix(const std::string& prefix) const override {
        std::map<std::string, std::string> found;
        for (auto at = values.lower_bound(prefix);
             at != values.end() && at->first.compare(0, prefix.size(), prefix) == 0; ++at)
            found.insert(*at);
        return found;
    }
    void put(const std::string& key, std::string value) override { values[key] = std::move(value); }
    void erase(const std::string& key) override { values.erase(key); }
    void when_durable(std::function<void(bool)> on_disk) override {
        ++asked;
        on_disk(!full);
    }
    std::map<std::string, std::string> values;
    bool full = false;  // the disk
    int asked = 0;      // how often it was waited for
};

}  // namespace waypost
