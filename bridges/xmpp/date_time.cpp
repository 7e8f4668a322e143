// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/date_time.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "gateway/base/time_parts.h"

namespace waypost::xmpp {

std::string utc_date_time(std::int64_t unix_s) {
    const std::tm utc = utc_parts(unix_s);
    char text[40];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text, size};
}

std::string offset_from_utc(std::int64_t unix_s) {
    const std::tm here = local_parts(unix_s);
    const long minutes = std::labs(here.tm_gmtoff) / 60;
    char text[40];
    const int size = std::snprintf(text, sizeof text, "%c%02ld:%02ld",
                                   here.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace waypost::xmpp
