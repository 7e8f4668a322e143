// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/http_date.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace waypost::activitypub {
namespace {

namespace chrono = std::chrono;

constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kSize = 29;
constexpr std::int64_t kLast = 253'402'300'799;  // of the year 9999

// -1: no number.
int number_at(std::string_view text, std::size_t from, std::size_t size) {
    const std::string_view digits = text.substr(from, size);
    int value = -1;
    const auto read = std::from_chars(digits.data(), digits.data() + size, value);
    return read.ec == std::errc() && read.ptr == digits.data() + size ? value : -1;
}

}  // namespace

std::string http_date(std::int64_t unix_seconds) {
    if (unix_seconds < 0 || unix_seconds > kLast) unix_seconds = 0;
    const chrono::sys_seconds at{chrono::seconds(unix_seconds)};
    const auto day = chrono::floor<chrono::days>(at);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(at - day);
    std::array<char, 64> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        kDays[chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    if (text.size() != kSize) return std::nullopt;
    unsigned month = 1;
    for (const char* name : kMonths) {
        if (text.substr(8, 3) == name) break;
        ++month;
    }
    const chrono::year_month_day date(chrono::year(number_at(text, 12, 4)), chrono::month(month),
                                      chrono::day(static_cast<unsigned>(number_at(text, 5, 2))));
    if (!date.ok()) return std::nullopt;
    const chrono::sys_seconds at = chrono::sys_days(date) + chrono::hours(number_at(text, 17, 2)) +
                                   chrono::minutes(number_at(text, 20, 2)) +
                                   chrono::seconds(number_at(text, 23, 2));
    const std::int64_t seconds = at.time_since_epoch().count();
    // What was not looked at yet, the day of the week and the marks between, and what is beyond
    // its range shows here.
    if (http_date(seconds) != text) return std::nullopt;
    return seconds;
}

}  // namespace waypost::activitypub
