// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/clock.h"

#include <sys/timex.h>

namespace waypost {

SystemClock::SystemClock(BoxTime start) : start_(start), began_(std::chrono::steady_clock::now()) {}

WallTime SystemClock::wall() const {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

BoxTime SystemClock::box() const {
    return start_ +
           std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began_);
}

bool SystemClock::synchronised() const {
    timex status{};
    const int state = ::adjtimex(&status);
    return state != -1 && state != TIME_ERROR && (status.status & STA_UNSYNC) == 0;
}

}  // namespace waypost
