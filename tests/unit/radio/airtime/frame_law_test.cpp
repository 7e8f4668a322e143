// SPDX-License-Identifier: Apache-2.0
// What was sent counts against the law, over kills too.
#include "radio/airtime/frame_law.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/fakes/memory_state.h"

namespace waypost {
namespace {

using std::chrono::minutes;

struct Modem final : FrameRadio {
    RadioActions opened(BoxTime) override { return {}; }
    RadioActions received(std::string_view, BoxTime) override { return {}; }
    RadioActions closed(BoxTime) override { return {}; }
    RadioActions send(FrameOut, BoxTime) override { return {}; }
    RadioActions tick(BoxTime) override { return {}; }
    BoxTime next_tick() const override { return BoxTime::max(); }
    bool ready() const override { return true; }
    int room() const override { return 1; }
    FrameLimits limits() const override {
        FrameLimits limits;
        limits.payload = 255;
        return limits;
    }
    std::chrono::microseconds airtime(std::size_t) const override { return milliseconds(1000); }
    std::string why_down() const override { return {}; }
    std::map<std::string, std::string> details() const override { return {}; }
};

struct FrameLawTest : ::testing::Test {
    FrameLaw open() const {
        RadioSite site;
        site.region = "EU868";
        site.emission.frequency_hz = 869'525'000;
        site.emission.bandwidth_hz = 125'000;
        site.emission.power_dbm = 10;
        return {site, modem, state, now};
    }
    void send(FrameLaw& law, FrameFate fate) {
        law.promise(100, now);
        law.ended(100, {1, fate, 0}, now);
    }
    Modem modem;
    mutable MemoryState state;
    BoxTime now = BoxTime{} + std::chrono::hours(5);
};

TEST_F(FrameLawTest, AFrameThatFailedMayHaveBeenOnAir) {
    FrameLaw law = open();
    send(law, FrameFate::Failed);
    EXPECT_EQ(law.used(now), milliseconds(1000));
    for (const auto fate :
         {FrameFate::Busy, FrameFate::NoAirtime, FrameFate::NoRoom, FrameFate::TooLong})
        send(law, fate);
    EXPECT_EQ(law.used(now), milliseconds(1000));
}

TEST_F(FrameLawTest, WhatTheDwellLimitLeavesHasToDo) {
    RadioSite site;
    site.region = "AS923";
    site.emission.frequency_hz = 923'200'000;
    site.emission.bandwidth_hz = 125'000;
    site.emission.power_dbm = 10;
    site.lora.bandwidth_hz = 125'000;
    site.lora.spreading_factor = 10;
    const FrameLaw law(site, modem, state, now);
    EXPECT_NO_THROW(FrameLaw(open()).require(108));
    EXPECT_THROW(law.require(108), std::runtime_error);
}

TEST_F(FrameLawTest, AKillForgetsNothingOfWhatWasSent) {
    FrameLaw law = open();
    EXPECT_TRUE(law.promise(100, now));
    now += minutes(50);
    for (int i = 0; i < 5; ++i) send(law, FrameFate::Sent);
    now += minutes(20);  // an hour and more after the first promise
    EXPECT_GE(open().used(now), law.used(now));
}

TEST_F(FrameLawTest, OfASmallShareLittleIsPromised) {
    FrameLaw law = open();
    law.promise(100, now);
    EXPECT_LE(open().used(now), (law.used(now) + law.left(now)) / 10);
}

TEST_F(FrameLawTest, ACleanStopGivesBackWhatWasPromised) {
    FrameLaw law = open();
    send(law, FrameFate::Sent);
    EXPECT_GT(open().used(now), milliseconds(1000)) << "after a kill";
    law.close(now);
    EXPECT_EQ(open().used(now), milliseconds(1000));
}

TEST_F(FrameLawTest, TimesOfAClockThatWentBackAreNow) {
    FrameLaw law = open();
    send(law, FrameFate::Sent);
    law.close(now);
    now -= std::chrono::hours(3);
    const FrameLaw after = open();
    EXPECT_EQ(after.used(now), milliseconds(1000));
    EXPECT_EQ(after.used(now + minutes(62)), milliseconds(0)) << "an hour later it is free";
}

// Whichever section of a radio of several the operator removes.
TEST_F(FrameLawTest, EverySectionOfARadioKeepsItsRecord) {
    MemoryState other;
    FrameLaw law = open();
    law.keep_also(other, now);
    send(law, FrameFate::Sent);
    law.close(now);
    state.values.clear();
    FrameLaw after = open();
    EXPECT_EQ(after.used(now), milliseconds(0));
    after.keep_also(other, now);
    EXPECT_EQ(after.used(now), milliseconds(1000));
    after.keep_also(other, now);
    EXPECT_EQ(after.used(now), milliseconds(1000)) << "once";
}

TEST_F(FrameLawTest, WhatWasPromisedIsPromisedAnewWhereAnotherSectionJoins) {
    MemoryState other;
    FrameLaw law = open();
    EXPECT_TRUE(law.promise(100, now));
    EXPECT_FALSE(law.promise(100, now));
    law.keep_also(other, now);
    EXPECT_TRUE(law.promise(100, now));
    EXPECT_EQ(other.values, state.values);
}

// Another radio of the band, a Meshtastic device say, that joined it.
TEST_F(FrameLawTest, OnASharedBandAllKeepToTheLawTogether) {
    SharedBands bands;
    const auto band =
        bands.join("roof", "trunk", "trunk.dale", "EU868 869.4-869.65", milliseconds(360'000));
    ASSERT_EQ(bands.join("roof", "mesh", "meshtastic.roof"), band);
    FrameLaw law = open();
    law.share(band, "trunk");
    EXPECT_FALSE(law.take(100, now, true)) << "what the other had sent is not known yet";
    AirtimeLedger mesh;
    mesh.set_budget(milliseconds(360'000), milliseconds(0));
    mesh.share_band(band, "mesh");
    ASSERT_TRUE(mesh.take(now, milliseconds(322'500), false));
    EXPECT_TRUE(law.take(100, now, false));
    law.ended(100, {1, FrameFate::Sent, 0}, now);
    EXPECT_EQ(law.used(now), milliseconds(1000)) << "once";
    EXPECT_GT(law.may_send(now, milliseconds(1000), false), now);
    EXPECT_FALSE(law.take(100, now, false));
    EXPECT_TRUE(law.take(100, now, true)) << "a tenth is for what is urgent";
    law.ended(100, {2, FrameFate::NotAcked, 2}, now);
    EXPECT_EQ(law.used(now), milliseconds(4000)) << "with what the modem repeated";
}

struct Unreadable final : MemoryState {
    std::optional<std::string> get(const std::string&) const override { return std::nullopt; }
    std::map<std::string, std::string> with_prefix(const std::string&) const override {
        throw std::runtime_error("the store cannot be read");
    }
};

TEST_F(FrameLawTest, WithoutItsRecordNothingIsSent) {
    Unreadable broken;
    RadioSite site;
    site.region = "EU868";
    site.emission.frequency_hz = 869'525'000;
    site.emission.bandwidth_hz = 125'000;
    site.emission.power_dbm = 10;
    EXPECT_THROW(FrameLaw(site, modem, broken, now), std::runtime_error);
}

}  // namespace
}  // namespace waypost
