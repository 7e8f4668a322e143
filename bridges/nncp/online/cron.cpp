// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/cron.h"

#include <algorithm>

namespace waypost::nncp {
namespace {

constexpr int kDaysAhead = 366 * 29;  // a 29 February on any day of the week comes within it
constexpr int kDay = 86400;

bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_of(const std::tm& day) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return day.tm_mon == 1 && leap(day.tm_year + 1900) ? 29 : kDays[day.tm_mon];
}

int weekday_of(const std::tm& day, int of_month) {
    return ((day.tm_wday + of_month - day.tm_mday) % 7 + 7) % 7;
}

// The workday nearest to this day, within its month.
int nearest_workday(const std::tm& day, int wanted) {
    const int weekday = weekday_of(day, wanted);
    if (weekday == 6) return wanted > 1 ? wanted - 1 : wanted + 2;
    if (weekday == 0) return wanted < days_of(day) ? wanted + 1 : wanted - 2;
    return wanted;
}

int last_workday(const std::tm& day) {
    const int last = days_of(day), weekday = weekday_of(day, last);
    return weekday == 6 ? last - 1 : weekday == 0 ? last - 2 : last;
}

// The moment when clocks here show this, after another one; where they never do, the shift of the
// C library gives the same distance into the next hour.
std::optional<std::time_t> moment(const std::tm& day, int second_of_day, std::time_t after) {
    std::optional<std::time_t> best;
    for (const int summer : {1, 0, -1}) {
        std::tm wanted = day;
        wanted.tm_hour = second_of_day / 3600;
        wanted.tm_min = second_of_day / 60 % 60;
        wanted.tm_sec = second_of_day % 60;
        wanted.tm_isdst = summer;
        const std::tm asked = wanted;
        const std::time_t when = std::mktime(&wanted);
        const bool shown = wanted.tm_hour == asked.tm_hour && wanted.tm_min == asked.tm_min;
        if (!shown && (summer >= 0 || best)) continue;
        if (when > after && (!best || when < *best)) best = when;
    }
    return best;
}

}  // namespace

bool Cron::in_month(const std::tm& day) const {
    if (days_[static_cast<std::size_t>(day.tm_mday)]) return true;
    if (last_day_ && day.tm_mday == days_of(day)) return true;
    return std::any_of(near_.begin(), near_.end(), [&](int wanted) {
        if (wanted == 0) return day.tm_mday == last_workday(day);
        return wanted <= days_of(day) && day.tm_mday == nearest_workday(day, wanted);
    });
}

bool Cron::in_week(const std::tm& day) const {
    if (weekdays_[static_cast<std::size_t>(day.tm_wday)]) return true;
    return std::any_of(of_week_.begin(), of_week_.end(), [&](const OfWeek& each) {
        if (day.tm_wday != each.day) return false;
        if (each.which == 0) return day.tm_mday + 7 > days_of(day);
        return (day.tm_mday - 1) / 7 + 1 == each.which;
    });
}

// Where both kinds of days are restricted, either will do, as with any cron.
bool Cron::matches_day(const std::tm& day) const {
    const auto year = static_cast<std::size_t>(std::max(0, day.tm_year - 70));
    if (!years_.empty() && (year >= years_.size() || !years_[year])) return false;
    if (!months_[static_cast<std::size_t>(day.tm_mon + 1)]) return false;
    if (any_day_ || any_weekday_)
        return (any_day_ || in_month(day)) && (any_weekday_ || in_week(day));
    return in_month(day) || in_week(day);
}

std::optional<std::time_t> Cron::within(const std::tm& day, int from, std::time_t after) const {
    for (int hour = from / 3600; hour < 24; ++hour) {
        if (!hours_[static_cast<std::size_t>(hour)]) continue;
        for (int minute = 0; minute < 60; ++minute) {
            const int begin = hour * 3600 + minute * 60;
            if (!minutes_[static_cast<std::size_t>(minute)] || begin + 59 < from) continue;
            for (int second = 0; second < 60; ++second) {
                if (!seconds_[static_cast<std::size_t>(second)] || begin + second < from) continue;
                if (const auto when = moment(day, begin + second, after)) return when;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::time_t> Cron::next(std::time_t after) const {
    const std::time_t first = after + 1;
    std::tm day{};
    if (::localtime_r(&first, &day) == nullptr) return std::nullopt;
    int from = (day.tm_hour * 60 + day.tm_min) * 60 + day.tm_sec;
    for (int i = 0; i < kDaysAhead; ++i, from = 0) {
        if (matches_day(day))
            if (const auto when = within(day, std::min(from, kDay - 1), after)) return when;
        ++day.tm_mday;  // at noon no day begins or ends twice
        day.tm_hour = 12;
        day.tm_min = day.tm_sec = 0;
        day.tm_isdst = -1;
        if (std::mktime(&day) == -1) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace waypost::nncp
