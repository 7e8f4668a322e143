// SPDX-License-Identifier: Apache-2.0
// The date of HTTP (RFC 9110 section 5.6.7) in the one form that may be sent today. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::activitypub {

std::string http_date(std::int64_t unix_seconds);  // "Sun, 06 Nov 1994 08:49:37 GMT"
// nullopt: not in this form, or no such day.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace waypost::activitypub
