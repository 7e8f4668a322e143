// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/watch.h"

#include <gtest/gtest.h>

namespace waypost::sensors {
namespace {

using std::chrono::minutes;
using Did = Watch::Did;

class WatchTest : public testing::Test {
  protected:
    WatchTest() {
        rule.above = 2.5;
        rule.hysteresis = 0.2;
        rule.lasts = minutes(5);
        rule.repeat = minutes(60);
    }
    Did at(int minute, double value) {
        const Did did = watch.look(rule, value, BoxTime{minutes(1000 + minute)});
        watch.commit();
        return did;
    }
    Rule rule;
    Watch watch;
};

TEST_F(WatchTest, ItIsToldWhenItHasLastedAndNotForOneWave) {
    EXPECT_EQ(at(0, 2.4), Did::Nothing);
    EXPECT_EQ(at(1, 2.6), Did::Nothing);
    EXPECT_EQ(at(3, 2.4), Did::Nothing);
    EXPECT_EQ(at(4, 2.6), Did::Nothing);
    EXPECT_EQ(at(8, 2.6), Did::Nothing);
    EXPECT_EQ(at(9, 2.7), Did::Begins);
    EXPECT_EQ(at(10, 2.8), Did::Nothing);
}

TEST_F(WatchTest, ItIsToldAgainQuietlyAndOnceThatItIsOver) {
    at(0, 3);
    EXPECT_EQ(at(5, 3), Did::Begins);
    EXPECT_EQ(at(64, 3), Did::Nothing);
    EXPECT_EQ(at(65, 3), Did::Again);
    EXPECT_EQ(at(70, 2.4), Did::Nothing);  // below its limit, and not by so much
    EXPECT_EQ(at(71, 2.25), Did::Over);
    EXPECT_EQ(at(72, 2.2), Did::Nothing);
}

TEST_F(WatchTest, OneThatComesAndGoesIsToldNoMoreOftenThanOneThatStays) {
    int told = 0;
    for (int minute = 0; minute < 600; minute += 6) {
        for (int i = 0; i < 6; ++i) {
            const Did did = at(minute + i, minute % 12 == 0 ? 3 : 2);
            told += did == Did::Begins || did == Did::Again ? 1 : 0;
        }
    }
    EXPECT_LE(told, 10);
    EXPECT_GE(told, 5);
}

TEST_F(WatchTest, BelowALimitAndWithinTwo) {
    rule.above = 8;
    rule.below = 2;
    rule.lasts = minutes(0);
    rule.repeat = minutes(1);
    EXPECT_EQ(at(0, 5), Did::Nothing);
    EXPECT_EQ(at(1, 1.9), Did::Begins);
    EXPECT_EQ(at(2, 2.1), Did::Again);
    EXPECT_EQ(at(3, 2.2), Did::Over);
    EXPECT_EQ(at(5, 8.1), Did::Begins);
}

TEST_F(WatchTest, AReadingThatIsBroughtAgainComesToTheSame) {
    at(0, 3);
    const BoxTime due{minutes(1005)};
    EXPECT_EQ(watch.look(rule, 3, due), Did::Begins);
    const std::string first = watch.episode();
    watch.forget();
    EXPECT_EQ(watch.look(rule, 3, due), Did::Begins);
    EXPECT_EQ(watch.episode(), first);
    // Killed before it stood on record that it was told: the same by name.
    Watch after = Watch::load(watch.save_untold());
    EXPECT_EQ(after.look(rule, 3, due + minutes(1)), Did::Begins);
    EXPECT_EQ(after.episode(), first);
    // Killed after.
    after = Watch::load(after.save());
    EXPECT_EQ(after.look(rule, 3, due + minutes(2)), Did::Nothing);
}

TEST_F(WatchTest, RubbishOnRecordIsAsIfNothingHadHappened) {
    for (const char* bad : {"", "x", "9 1 2 3", "1 2"})
        EXPECT_EQ(Watch::load(bad).save(), Watch().save()) << bad;
}

}  // namespace
}  // namespace waypost::sensors
