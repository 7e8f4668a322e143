// SPDX-License-Identifier: Apache-2.0
// Times as XMPP writes them (XEP-0082). Pure but for the time zone of the process.
#pragma once

#include <cstdint>
#include <string>

namespace waypost::xmpp {

std::string utc_date_time(std::int64_t unix_s);    // "2026-11-27T14:05:00Z"
std::string offset_from_utc(std::int64_t unix_s);  // of clocks here, at that moment: "+03:00"

}  // namespace waypost::xmpp
