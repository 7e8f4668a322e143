// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/clock.h"

#include <sys/timex.h>

#include <cerrno>

#include "gateway/base/time_sync.h"

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
    // The filter of a service's unit (ProtectClock=) forbids to read as it forbids to set.
    if (state == -1 && errno == EPERM) return synchronised_lately(kTimeSyncFile, wall());
    return state != -1 && state != TIME_ERROR && (status.status & STA_UNSYNC) == 0;
}

}  // namespace waypost
