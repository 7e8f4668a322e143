// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace waypost::email {

// The clock on the wall where the reader is.
using LocalTime = std::tm (*)(std::time_t);
std::tm box_local_time(std::time_t time);

// The first event of an iCalendar object (RFC 5545, RFC 5546) as one line for a radio:
//   [invitation: Council, Tue 3 May 14:00-15:00, Mill; from Bob]
// Also "updated invitation", "cancelled", "Ana accepts", "event". Times are the box's local time; a
// time without a zone, or with one that cannot be known, is shown as written. Nothing repeats: of a
// rule only its frequency is said. Empty if there is no event in it. Bounded in time.
std::string calendar_line(std::string_view calendar, LocalTime local = box_local_time);

}  // namespace waypost::email
