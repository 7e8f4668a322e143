// SPDX-License-Identifier: Apache-2.0
// Keys of what waits in a store: as texts they stand in the order of their numbers. Pure.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace waypost {

// "wait/00000000000000ff"
inline std::string numbered_key(std::string_view prefix, std::uint64_t number) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
    return std::string(prefix) + digits;
}

// Of a key that has this prefix; 0 where no number follows.
inline std::uint64_t number_of_key(std::string_view prefix, const std::string& key) {
    return std::strtoull(key.c_str() + prefix.size(), nullptr, 16);
}

}  // namespace waypost
