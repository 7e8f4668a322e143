// SPDX-License-Identifier: Apache-2.0
// Day and hour of a moment that is given in seconds since 1970. Where time_t has 32 bits (armhf) a
// moment outside of 1901 to 2038 becomes the nearest that there is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

namespace waypost {

template <class Time = std::time_t>
constexpr Time as_time(std::int64_t unix_s) {
    using Range = std::numeric_limits<Time>;
    return static_cast<Time>(std::clamp<std::int64_t>(unix_s, Range::min(), Range::max()));
}

inline std::tm utc_parts(std::int64_t unix_s) {
    const std::time_t time = as_time(unix_s);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    return parts;
}

// In the process's time zone (local_time.h).
inline std::tm local_parts(std::int64_t unix_s) {
    const std::time_t time = as_time(unix_s);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return parts;
}

}  // namespace waypost
