// SPDX-License-Identifier: Apache-2.0
// What browsers' sessions and programs' tokens have in common. For console_door.cpp and
// console_tokens.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace waypost {

inline constexpr std::size_t kTokenBytes = 32;  // of randomness; hex in the cookie and the header
inline constexpr std::int64_t kTouchMs = 3'600'000;  // how exactly the use of one is on disk

}  // namespace waypost
