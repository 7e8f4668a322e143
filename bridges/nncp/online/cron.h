// SPDX-License-Identifier: Apache-2.0
// Cron expressions of `calls`, as nncp takes them: five fields (minute, hour, day of month, month,
// day of week), six (and year) or seven (second before, year after). Lists, ranges, steps, names of
// months and days, ? as *, L and W for days of the month, 5L and 5#3 for days of the week, and
// @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually.
//
// Time is as people here have it. Where clocks are put forward, what falls into the gap is due
// after it; an hour that comes twice is used once.
#pragma once

#include <bitset>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::nncp {

class Cron {
  public:
    // At most 256 bytes. Errors name the field.
    static Result<Cron> parse(std::string_view expression);
    // The first moment after it, in seconds since 1970; nullopt: never again.
    std::optional<std::time_t> next(std::time_t after) const;

  private:
    using Set = std::bitset<60>;
    struct OfWeek {
        int day = 0;    // 0: Sunday
        int which = 0;  // of the month: 1 to 5, or 0: the last
    };
    friend class CronReader;
    Cron() = default;
    bool matches_day(const std::tm& day) const;
    bool in_month(const std::tm& day) const;
    bool in_week(const std::tm& day) const;
    std::optional<std::time_t> within(const std::tm& day, int from, std::time_t after) const;

    Set seconds_, minutes_, hours_, days_, months_, weekdays_;
    std::vector<int> near_;  // nW: the workday nearest to it; 0: LW
    bool last_day_ = false;
    std::vector<OfWeek> of_week_;
    bool any_day_ = false, any_weekday_ = false;
    std::vector<bool> years_;  // from 1970; empty: all
};

}  // namespace waypost::nncp
