// SPDX-License-Identifier: Apache-2.0
#pragma once

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
    void put(const std::string& key, std::string value) override { values[key] = std::move(value); }
    void erase(const std::string& key) override { values.erase(key); }
    std::map<std::string, std::string> values;
};

}  // namespace waypost
