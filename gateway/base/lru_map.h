// SPDX-License-Identifier: Apache-2.0
// A map by text that holds so many at most: who was used longest ago goes first. Not thread-safe.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace waypost {

template <class Value>
class LruMap {
  public:
    explicit LruMap(std::size_t most) : most_(most) {}  // 1 or more
    LruMap(const LruMap&) = delete;
    LruMap& operator=(const LruMap&) = delete;

    // Counts as used. Null: it is not here. Valid until the next put or erase.
    Value* find(std::string_view key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        used_.splice(used_.begin(), used_, found->second);
        return &found->second->second;
    }
    // In place of what was there. `dropped(key, value)` is told what had to go for it.
    template <class Dropped>
    Value& put(std::string key, Value value, const Dropped& dropped) {
        if (Value* there = find(key)) return *there = std::move(value);
        while (used_.size() >= most_) {
            dropped(used_.back().first, used_.back().second);
            places_.erase(used_.back().first);
            used_.pop_back();
        }
        used_.emplace_front(std::move(key), std::move(value));
        places_.emplace(used_.front().first, used_.begin());
        return used_.front().second;
    }
    Value& put(std::string key, Value value) {
        return put(std::move(key), std::move(value), [](const std::string&, const Value&) {});
    }
    void erase(std::string_view key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return;
        const auto place = found->second;
        places_.erase(found);
        used_.erase(place);
    }
    std::size_t size() const { return used_.size(); }

  private:
    using Used = std::list<std::pair<const std::string, Value>>;  // the last one used first
    const std::size_t most_;
    Used used_;
    std::unordered_map<std::string_view, typename Used::iterator> places_;  // keys lie in used_
};

}  // namespace waypost
