// SPDX-License-Identifier: Apache-2.0
// Whether somebody set the machine's clock lately, by the file that systemd-timesyncd touches each
// time (systemd-timesyncd.service(8)): for a service whose unit forbids to ask the kernel.
#pragma once

#include <string>

#include "gateway/base/clock.h"

namespace waypost {

inline constexpr char kTimeSyncFile[] = "/run/systemd/timesync/synchronized";

// Touched within nine hours before `now`: for so long the kernel itself believes a clock that
// nobody sets any more (adjtimex(2): maxerror grows by 500 ppm, to 16 s).
bool synchronised_lately(const std::string& file, WallTime now);

}  // namespace waypost
