// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/time_trust.h"

#include <gtest/gtest.h>

#include "gateway/custody/backoff.h"
#include "tests/fakes/fake_clock.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(TimeTrust, AJumpOfOverAnHourIsDoubtedUntilSomebodyVouches) {
    FakeClock clock;
    TimeTrust trust(clock, to_ms(clock.wall()), to_ms(clock.wall()));
    clock.advance(hours(30));
    EXPECT_TRUE(trust.look()) << "time that passes is no jump";
    clock.jump_wall(minutes(50));
    EXPECT_TRUE(trust.look());
    clock.jump_wall(-hours(24 * 365 * 50));
    EXPECT_FALSE(trust.look());
    EXPECT_FALSE(trust.look());
    trust.confirm();
    EXPECT_TRUE(trust.look());
    clock.jump_wall(hours(2));
    EXPECT_FALSE(trust.look());
    clock.synchronise(true);
    EXPECT_TRUE(trust.look());
}

TEST(TimeTrust, AcrossARestartOnlyTheImpossibleIsDoubted) {
    FakeClock clock;
    const auto now = to_ms(clock.wall());
    const auto day = milliseconds(hours(24)).count();
    EXPECT_TRUE(TimeTrust(clock, 0, 0).look());
    EXPECT_TRUE(TimeTrust(clock, now - 10 * day, now - 10 * day).look());
    EXPECT_FALSE(TimeTrust(clock, now + day, now + day).look());
    EXPECT_FALSE(TimeTrust(clock, now - 400 * day, now - 400 * day).look());
}

TEST(TimeTrust, TellsByHowMuchTheClockJumped) {
    FakeClock clock;
    const auto now = to_ms(clock.wall());
    const auto day = milliseconds(hours(24)).count();
    TimeTrust trust(clock, now, now);
    clock.advance(hours(30));
    clock.jump_wall(-hours(24 * 365 * 50));
    trust.look();
    clock.synchronise(true);
    clock.jump_wall(hours(24 * 365 * 50 + 3));
    trust.look();
    EXPECT_EQ(trust.take_jump(), hours(3)) << "there and back, and what was wrong before";
    EXPECT_EQ(trust.take_jump(), hours(0));
    EXPECT_EQ(TimeTrust(clock, now, now - 10 * day).take_jump(), hours(0)) << "switched off";
    EXPECT_LT(TimeTrust(clock, now, now + 400 * day).take_jump(), -hours(24 * 390));
}

TEST(BackOff, DoublesToItsLimitWithAFifthOfChance) {
    const auto random = seeded_random(1);
    for (int i = 0; i < 200; ++i) {
        const auto first = back_off(1, false, *random);
        EXPECT_GE(first, milliseconds(24000));
        EXPECT_LE(first, milliseconds(36000));
        EXPECT_LE(back_off(50, false, *random), minutes(72));
        EXPECT_GE(back_off(50, true, *random), minutes(6 * 48));
    }
}

}  // namespace
}  // namespace waypost
