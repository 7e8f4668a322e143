// SPDX-License-Identifier: Apache-2.0
// Ids of messages as this project's boxes make them, "mh2k9x1a.0f0f0f0f0f0f" before their domain:
// the time in milliseconds and six bytes of chance. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::post {

inline constexpr std::size_t kBinaryIdBytes = 11;

// Five bytes of time since 2024 and six of chance. nullopt: it has another form, or a time before
// 2024 or after 2058.
std::optional<std::string> binary_id(std::string_view bare);
std::string id_of_binary(std::string_view eleven);
// Unix seconds in it.
std::int64_t time_of_binary(std::string_view eleven);

}  // namespace waypost::post
