// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/shared_band.h"

#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "gateway/base/random.h"
#include "radio/airtime/ledger.h"
#include "tests/fakes/fake_clock.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const BoxTime kStart = box_from_ms(5'000'000);

std::unique_ptr<AirtimeLedger> joined(const std::shared_ptr<SharedBand>& band,
                                      const std::string& radio, milliseconds share) {
    auto ledger = std::make_unique<AirtimeLedger>();
    ledger->set_budget(share, share / 10);
    ledger->share_band(band, radio);
    return ledger;
}

TEST(SharedBand, WhatOneSendsTheOtherCannot) {
    const auto band = std::make_shared<SharedBand>(seconds(36), 2);
    const auto mesh = joined(band, "mesh", seconds(36));
    const auto trunk = joined(band, "trunk", seconds(36));
    ASSERT_TRUE(mesh->take(kStart, seconds(20), false));
    EXPECT_EQ(trunk->left(kStart, false), milliseconds(12'400)) << "36 - 3.6 - 20";
    EXPECT_FALSE(trunk->take(kStart, seconds(13), false));
    EXPECT_TRUE(trunk->take(kStart, seconds(12), false));
    EXPECT_FALSE(mesh->may_spend(kStart, seconds(1), false));
    EXPECT_TRUE(mesh->take(kStart, seconds(3), true)) << "a tenth is for what is urgent";
    EXPECT_FALSE(trunk->take(kStart, seconds(2), true)) << "and nothing goes beyond";
    EXPECT_EQ(trunk->free_at(kStart, seconds(20), false), kStart + minutes(61));
}

TEST(SharedBand, WhatADeviceSaysItSentCountsForAll) {
    const auto band = std::make_shared<SharedBand>(seconds(360), 2);
    const auto mesh = joined(band, "mesh", seconds(90));
    const auto trunk = joined(band, "trunk", seconds(360));
    mesh->observe(kStart, seconds(300));
    EXPECT_EQ(trunk->left(kStart, true), seconds(60));
    mesh->spend_beside(kStart, seconds(10));
    EXPECT_EQ(trunk->left(kStart, true), seconds(50));
    EXPECT_EQ(trunk->free_at(kStart, seconds(60), true), kStart + minutes(60));
}

TEST(SharedBand, WhatOneHasUnderWayIsLeftToIt) {
    const auto band = std::make_shared<SharedBand>(seconds(36), 2);
    const auto mesh = joined(band, "mesh", seconds(40));
    const auto trunk = joined(band, "trunk", seconds(40));
    mesh->hold(seconds(10));
    EXPECT_FALSE(trunk->take(kStart, seconds(27), true));
    EXPECT_TRUE(trunk->take(kStart, seconds(26), true));
    EXPECT_TRUE(mesh->take(kStart, seconds(10), true));
    mesh->hold(seconds(0));
    EXPECT_EQ(trunk->left(kStart, true), seconds(0));
}

TEST(SharedBand, NothingIsSentBeforeAllRadiosSaidWhatTheyHadSent) {
    AirtimeLedger before;
    before.spend(kStart, seconds(30));
    const std::string saved = before.save(kStart);
    const auto band = std::make_shared<SharedBand>(seconds(36), 2);
    const auto trunk = joined(band, "trunk", seconds(36));
    EXPECT_FALSE(trunk->take(kStart, seconds(1), true));
    AirtimeLedger mesh;
    mesh.load(saved, kStart);
    mesh.share_band(band, "mesh");
    EXPECT_EQ(trunk->left(kStart, true), seconds(6));
}

TEST(SharedBand, ARadioThatStartsAgainCountsOnce) {
    const auto band = std::make_shared<SharedBand>(seconds(36), 1);
    auto trunk = joined(band, "trunk", seconds(36));
    ASSERT_TRUE(trunk->take(kStart, seconds(30), false));
    const std::string saved = trunk->save(kStart);
    trunk.reset();
    EXPECT_EQ(band->left("other", kStart, true), seconds(6)) << "gone, and its airtime is not";
    trunk = std::make_unique<AirtimeLedger>();
    trunk->set_budget(seconds(36), seconds(0));
    trunk->load(saved, kStart);
    trunk->share_band(band, "trunk");
    EXPECT_EQ(trunk->left(kStart, true), seconds(6));
}

TEST(SharedBand, TwoThreadsNeverTakeTheSameSecond) {
    const auto band = std::make_shared<SharedBand>(seconds(400), 2);
    std::atomic<int> taken{0};
    const auto send = [&](const std::string& radio) {
        const auto ledger = joined(band, radio, seconds(400));
        for (int i = 0; i < 1000; ++i) taken += ledger->take(kStart, seconds(1), true) ? 1 : 0;
    };
    band->publish("a", {});
    band->publish("b", {});
    std::thread other(send, "a");
    send("b");
    other.join();
    EXPECT_EQ(taken, 400);
}

TEST(AirtimeLedger, AClockThatIsSetBackBlocksForAnHourOnly) {
    AirtimeLedger before;
    before.spend(kStart + hours(24 * 30), seconds(36));
    AirtimeLedger after;
    after.set_budget(seconds(36), seconds(0));
    after.load(before.save(kStart + hours(24 * 30)), kStart);
    EXPECT_EQ(after.used(kStart), seconds(36)) << "when it was is not known: now";
    EXPECT_EQ(after.used(kStart + minutes(61)), seconds(0));
}

TEST(AirtimeLedger, RubbishDoesNoHarm) {
    AirtimeLedger ledger;
    ledger.set_budget(hours(9), seconds(0));
    ledger.load("9223372036854775807 9223372036854775807\n-9223372036854775808 5\n7 7\n");
    EXPECT_EQ(ledger.used(kStart), hours(1)) << "an hour has no more than an hour";
    EXPECT_EQ(ledger.free_at(kStart, hours(20), true), kStart + hours(1))
        << "never; ask again then";
}

// Two radios send as much as they may for a week, with restarts in between, wall clock jumps and
// many midnights. In no sliding hour is more on air than the law says.
TEST(SharedBand, InAWeekNoHourGoesBeyondTheLaw) {
    const milliseconds law = seconds(36);
    const auto random = seeded_random(868);
    FakeClock clock;
    auto band = std::make_shared<SharedBand>(law, 2);
    std::unique_ptr<AirtimeLedger> radios[2] = {joined(band, "mesh", law / 2),
                                                joined(band, "trunk", law)};
    std::deque<std::pair<BoxTime, milliseconds>> hour;
    milliseconds in_hour{0}, most{0}, all{0};
    const BoxTime end = clock.box() + hours(24 * 7);
    while (clock.box() < end) {
        clock.advance(milliseconds(random->below(3000)));
        if (random->below(500) == 0)
            clock.jump_wall(hours(static_cast<int>(random->below(48)) - 24));
        const BoxTime now = clock.box();
        if (random->below(20'000) == 0) {  // the box starts again
            const std::string saved[2] = {radios[0]->save(now), radios[1]->save(now)};
            band = std::make_shared<SharedBand>(law, 2);
            for (int i = 0; i < 2; ++i) {
                radios[i] = std::make_unique<AirtimeLedger>();
                radios[i]->set_budget(i == 0 ? law / 2 : law, law / 20);
                radios[i]->load(saved[i], now);
                radios[i]->share_band(band, i == 0 ? "mesh" : "trunk");
            }
        }
        const milliseconds cost(60 + static_cast<int>(random->below(2000)));
        if (!radios[random->below(2)]->take(now, cost, random->below(8) == 0)) continue;
        hour.emplace_back(now, cost);
        in_hour += cost;
        all += cost;
        while (now - hour.front().first >= hours(1)) {
            in_hour -= hour.front().second;
            hour.pop_front();
        }
        most = std::max(most, in_hour);
        ASSERT_LE(in_hour, law);
    }
    EXPECT_GT(most, law * 95 / 100) << "and it can be used";
    EXPECT_GT(all, law * 7 * 24 * 80 / 100);
}

TEST(SharedBands, WhoIsNamedIsWaitedForAndTheLeastLawCounts) {
    SharedBands bands;
    const auto band = bands.join("roof", "mesh", "meshtastic.roof");
    EXPECT_EQ(bands.join("roof", "trunk", "trunk.dale"), band);
    EXPECT_NE(bands.join("barn", "other", "trunk.moor"), band);
    const auto mesh = joined(band, "mesh", seconds(360));
    band->limit(seconds(360));
    EXPECT_EQ(mesh->left(kStart, true), seconds(0)) << "the trunk has not joined";
    const auto trunk = joined(band, "trunk", seconds(360));
    EXPECT_EQ(mesh->left(kStart, true), seconds(360));
    band->limit(seconds(36));
    EXPECT_EQ(mesh->left(kStart, true), seconds(36));
    band->limit(seconds(360));
    EXPECT_EQ(trunk->left(kStart, true), seconds(36));
}

TEST(SharedBands, WithoutALawNothingIsSent) {
    SharedBands bands;
    const auto band = bands.join("roof", "mesh", "meshtastic.roof");
    const auto mesh = joined(band, "mesh", seconds(360));
    EXPECT_EQ(mesh->left(kStart, true), seconds(0));
}

TEST(SharedBands, RadiosOfTwoLawsAreRefused) {
    SharedBands bands;
    const auto band = bands.join("roof", "a", "trunk.a", "EU868 868-868.6", seconds(36));
    EXPECT_THROW(bands.join("roof", "b", "trunk.b", "EU868 869.4-869.65", seconds(360)),
                 std::runtime_error);
    EXPECT_EQ(bands.join("roof", "b", "trunk.b", "EU868 868-868.6", seconds(36)), band);
}

}  // namespace
}  // namespace waypost
