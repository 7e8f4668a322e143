// SPDX-License-Identifier: Apache-2.0
// Time of day as people here have it. A process has one time zone: it is set once, before the first
// thread, and read by the C library, which knows the changes to and from summer time.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace waypost {

// An IANA name ("Africa/Nairobi"); empty: as the machine has it. Only while no other thread runs.
// NotFound: this machine knows no such zone.
Result<void> use_timezone(const std::string& name);
// The same, looked up only: any time, any thread.
Result<void> known_timezone(const std::string& name);

std::string local_date_time(std::int64_t wall_ms);  // "2026-11-27 14:05"

int minute_of_day(WallTime time);  // 0 to 1439

// The first moment after `time` at which clocks here show this minute of a day, or pass it where
// they are put forward. Of an hour that comes twice either one may be meant.
WallTime next_minute_of_day(WallTime time, int minute);

}  // namespace waypost
