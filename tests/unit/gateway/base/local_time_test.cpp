// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/local_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "gateway/base/time_parts.h"

namespace waypost {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using namespace std::chrono_literals;

class LocalTime : public ::testing::Test {
  protected:
    ~LocalTime() override {
        ::unsetenv("TZ");
        ::tzset();
    }
    static WallTime utc(std::chrono::year_month_day day, int hour, int minute = 0) {
        return WallTime(std::chrono::sys_days(day)) + hours(hour) + minutes(minute);
    }
    // How long it is from 22:00 local time on the evening before `day` to 6:00.
    static minutes night(std::chrono::year_month_day day) {
        const WallTime noon = utc(day, 12) - days(1);
        const WallTime evening = next_minute_of_day(noon, 22 * 60);
        return std::chrono::duration_cast<minutes>(next_minute_of_day(evening, 6 * 60) - evening);
    }
};

TEST_F(LocalTime, IsThatOfTheZone) {
    ASSERT_TRUE(use_timezone("Africa/Nairobi").ok());
    EXPECT_EQ(minute_of_day(utc(2026y / 1 / 15, 22, 30)), 90);
    EXPECT_EQ(next_minute_of_day(utc(2026y / 1 / 15, 22, 30), 6 * 60), utc(2026y / 1 / 16, 3));
    EXPECT_EQ(next_minute_of_day(utc(2026y / 1 / 16, 3), 6 * 60), utc(2026y / 1 / 17, 3))
        << "after now, not now";
}

TEST_F(LocalTime, ANightIsAnHourShorterOrLongerWhenTheClocksChange) {
    ASSERT_TRUE(use_timezone("Europe/Berlin").ok());
    EXPECT_EQ(night(2026y / 3 / 28), 8h);
    EXPECT_EQ(night(2026y / 3 / 29), 7h);
    EXPECT_EQ(night(2026y / 10 / 25), 9h);
    EXPECT_EQ(minute_of_day(utc(2026y / 3 / 29, 0, 59)), 119);
    EXPECT_EQ(minute_of_day(utc(2026y / 3 / 29, 1, 0)), 180);
}

TEST_F(LocalTime, AMinuteThatTheClocksLeaveOutIsTheFirstAfterIt) {
    ASSERT_TRUE(use_timezone("Europe/Berlin").ok());
    EXPECT_EQ(next_minute_of_day(utc(2026y / 3 / 28, 23), 2 * 60 + 30), utc(2026y / 3 / 29, 1));
    // Southern summer time ends in April and begins in October; half an hour on Lord Howe Island.
    ASSERT_TRUE(use_timezone("Australia/Lord_Howe").ok());
    EXPECT_EQ(next_minute_of_day(utc(2026y / 10 / 3, 12), 2 * 60 + 15),
              utc(2026y / 10 / 3, 15, 30));
}

TEST_F(LocalTime, AMinuteThatComesTwiceIsOneOfThem) {
    ASSERT_TRUE(use_timezone("Europe/Berlin").ok());
    const WallTime at = next_minute_of_day(utc(2026y / 10 / 24, 23), 2 * 60 + 30);
    EXPECT_TRUE(at == utc(2026y / 10 / 25, 0, 30) || at == utc(2026y / 10 / 25, 1, 30));
}

TEST_F(LocalTime, AZoneThatIsNoneIsRefused) {
    for (const char* name : {"Mars/Olympus", "/etc/passwd", "../../../etc/passwd", "Europe"}) {
        EXPECT_FALSE(use_timezone(name).ok()) << name;
    }
    EXPECT_TRUE(use_timezone("").ok());
}

TEST_F(LocalTime, PartsOfAMoment) {
    const std::tm utc = utc_parts(2'147'483'647);
    EXPECT_EQ(utc.tm_year, 2038 - 1900);
    EXPECT_EQ(utc.tm_mon, 0);
    EXPECT_EQ(utc.tm_mday, 19);
    EXPECT_EQ(utc.tm_hour, 3);
    ASSERT_TRUE(use_timezone("Europe/Berlin").ok());
    EXPECT_EQ(local_parts(2'147'483'647).tm_hour, 4);
}

TEST_F(LocalTime, AMomentThatTheClockDoesNotHaveIsTheNearestOfIts) {
    constexpr std::int64_t kYear2100 = 4'102'444'800;
    EXPECT_EQ(as_time<std::int32_t>(kYear2100), 2'147'483'647);
    EXPECT_EQ(as_time<std::int32_t>(-kYear2100), -2'147'483'648);
    EXPECT_EQ(as_time<std::int64_t>(kYear2100), kYear2100);
}

}  // namespace
}  // namespace waypost
