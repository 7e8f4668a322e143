// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/local_time.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "gateway/base/time_parts.h"

namespace waypost {
namespace {

using std::chrono::minutes;

constexpr int kHalfDay = 12 * 60;
constexpr int kDay = 24 * 60;
constexpr int kLongestGap = 4 * 60;  // minutes that a change of the clocks leaves out

std::tm local(WallTime time) {
    return local_parts(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch() /
                       std::chrono::seconds(1));
}

// How far clocks are past this minute, between half a day before and half a day after it.
int past(WallTime time, int minute) {
    const int ahead = (minute_of_day(time) - minute + kDay) % kDay;
    return ahead > kHalfDay ? ahead - kDay : ahead;
}

// mktime has to choose where the clocks leave the minute out: the first one shown after it.
WallTime at_or_past(WallTime guess, int minute) {
    if (past(guess, minute) == 0) return guess;
    WallTime at = guess - minutes(kLongestGap);
    while (past(at, minute) < 0) at += minutes(1);
    return at;
}

}  // namespace

Result<void> known_timezone(const std::string& name) {
    if (name.empty()) return {};
    const char* folder = std::getenv("TZDIR");
    const std::filesystem::path zones = folder == nullptr ? "/usr/share/zoneinfo" : folder;
    const bool plain = name.front() != '/' && name.find("..") == std::string::npos;
    std::error_code none;
    if (plain && std::filesystem::is_regular_file(zones / name, none)) return {};
    return Error{Code::NotFound, "no time zone \"" + name + "\" on this machine", false};
}

Result<void> use_timezone(const std::string& name) {
    if (auto known = known_timezone(name); !known.ok()) return known;
    if (!name.empty()) ::setenv("TZ", (':' + name).c_str(), 1);
    ::tzset();
    return {};
}

std::string local_date_time(std::int64_t wall_ms) {
    const std::tm parts = local_parts(wall_ms / 1000);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts)};
}

int minute_of_day(WallTime time) {
    const std::tm now = local(time);
    return now.tm_hour * 60 + now.tm_min;
}

WallTime next_minute_of_day(WallTime time, int minute) {
    for (int days = 0;; ++days) {
        std::tm then = local(time);
        then.tm_mday += days;
        then.tm_hour = minute / 60;
        then.tm_min = minute % 60;
        then.tm_sec = 0;
        then.tm_isdst = -1;
        const WallTime at = at_or_past(WallTime(std::chrono::seconds(::mktime(&then))), minute);
        if (at > time || days == 2) return at;
    }
}

}  // namespace waypost
