// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/station_id.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "gateway/base/random.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const BoxTime kStart = box_from_ms(1'000'000);

TEST(StationId, NothingSentNothingOwed) {
    const StationId id("DB0ABC", false, kStart);
    EXPECT_FALSE(id.due(kStart + hours(5), seconds(9)));
    EXPECT_EQ(id.next_due(), BoxTime::max());
    EXPECT_EQ(id.text(), "DE DB0ABC");
    EXPECT_THROW(StationId("nobody", false, kStart), std::runtime_error);
}

TEST(StationId, ComesAtTheEndOfACommunication) {
    StationId id("DB0ABC", false, kStart);
    id.sent(kStart, seconds(2), false);
    EXPECT_TRUE(id.owes());
    EXPECT_FALSE(id.due(kStart + seconds(3)));
    EXPECT_EQ(id.next_due(), kStart + seconds(32)) << "nobody said that it ended";
    id.end_communication();
    EXPECT_TRUE(id.due(kStart + seconds(3)));
    id.sent(kStart + seconds(3), seconds(1), true);
    EXPECT_FALSE(id.owes());
    id.end_communication();
    EXPECT_FALSE(id.due(kStart + hours(1))) << "once is enough";
}

TEST(StationId, AFrameThatWouldEndTooLateWaitsForTheCallSign) {
    StationId id("DB0ABC", false, kStart);
    id.sent(kStart, seconds(2), false);
    BoxTime now = kStart;
    while (now < kStart + minutes(9)) {
        now += seconds(20);
        ASSERT_FALSE(id.due(now, seconds(6)));
        id.sent(now, seconds(6), false);
    }
    EXPECT_FALSE(id.due(kStart + seconds(565), seconds(10)));
    EXPECT_TRUE(id.due(kStart + seconds(571), seconds(10)));
}

TEST(StationId, APowerCutForgetsNoDebt) {
    const StationId id("DB0ABC", true, kStart);
    EXPECT_TRUE(id.due(kStart));
}

TEST(StationId, FramesWithTheCallSignInThemOweNothing) {
    StationId id("DB0ABC", false, kStart);
    for (int i = 0; i < 100; ++i) id.sent(kStart + seconds(30 * i), seconds(2), true);
    EXPECT_EQ(id.next_due(), BoxTime::max());
}

// A week of talk and silence: whatever was on air is followed by the call sign within ten minutes.
TEST(StationId, InAWeekNoTenMinutesGoWithoutIt) {
    const auto random = seeded_random(6);
    StationId id("DB0ABC", false, kStart);
    BoxTime now = kStart, unsaid = BoxTime::max();
    int said = 0, frames = 0;
    while (now < kStart + hours(24 * 7)) {
        const milliseconds airtime(500 + static_cast<int>(random->below(8000)));
        if (id.due(now, airtime)) {
            now += seconds(2);
            if (unsaid != BoxTime::max()) {
                ASSERT_LE(now - unsaid, minutes(10));
            }
            id.sent(now, seconds(2), true);
            unsaid = BoxTime::max();
            ++said;
        }
        id.sent(now, airtime, false);
        if (unsaid == BoxTime::max()) unsaid = now;
        now += airtime;
        ASSERT_LE(now - unsaid, minutes(10));
        ++frames;
        const BoxTime next =
            now + milliseconds(random->below(random->below(5) == 0 ? 900'000 : 8'000));
        if (id.due(next)) {  // its own timer comes before the next frame
            now = std::max(now, id.next_due()) + seconds(2);
            ASSERT_LE(now - unsaid, minutes(10));
            id.sent(now, seconds(2), true);
            unsaid = BoxTime::max();
            ++said;
        }
        now = std::max(now, next);
    }
    EXPECT_GT(said, 600);
    EXPECT_LT(said * 3, frames) << "and it costs no more than it must";
}

}  // namespace
}  // namespace waypost
