// SPDX-License-Identifier: Apache-2.0
// Named places where the crash test kills the process. WAYPOST_CRASH_AT="committed:17" ends it by
// SIGKILL at the 17th passing of "committed"; without the variable a point costs one load.
#pragma once

#include <atomic>

namespace waypost {

namespace crash {
extern const bool armed;
void pass(const char* point) noexcept;
}  // namespace crash

inline void crash_point(const char* point) noexcept {
    if (crash::armed) crash::pass(point);
}

}  // namespace waypost
