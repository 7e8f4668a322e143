// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/frame_air.h"

#include <gtest/gtest.h>

namespace waypost::simulator {
namespace {

constexpr microseconds kFrame{10'000};

class FrameAirTest : public ::testing::Test {
  protected:
    void with(FrameAirOptions options, int stations = 3) {
        air_.emplace(*random_, options);
        heard_.assign(static_cast<std::size_t>(stations), {});
        for (auto& list : heard_) {
            air_->attach([&list](const AirFrame& frame) { list.push_back(frame); });
        }
    }
    BoxTime at(int ms) const { return box_from_ms(1000 + ms); }
    // Share of `frames` from 0 that station 1 lost, and how long its gaps are in the mean.
    std::pair<double, double> loss_of(int frames) {
        int lost = 0;
        int gaps = 0;
        bool in_gap = false;
        for (int i = 0; i < frames; ++i) {
            const std::size_t before = heard_[1].size();
            air_->transmit(0, "x", kFrame, at(20 * i));
            air_->step(at(20 * i + 10));
            const bool missing = heard_[1].size() == before;
            if (missing) ++lost;
            if (missing && !in_gap) ++gaps;
            in_gap = missing;
        }
        return {static_cast<double>(lost) / frames,
                gaps == 0 ? 0 : static_cast<double>(lost) / gaps};
    }

    std::unique_ptr<Random> random_ = seeded_random(7);
    std::optional<FrameAir> air_;
    std::vector<std::vector<AirFrame>> heard_;
};

TEST_F(FrameAirTest, AllOthersHearAFrameWhenItsAirtimeIsOver) {
    with({});
    EXPECT_EQ(air_->transmit(0, "hello", kFrame, at(0)), at(10));
    EXPECT_TRUE(air_->busy(1, at(9)));
    EXPECT_FALSE(air_->busy(0, at(9))) << "its own frame";
    EXPECT_TRUE(air_->sending(0, at(9)));
    air_->step(at(9));
    EXPECT_TRUE(heard_[1].empty());
    EXPECT_EQ(air_->next(), at(10));
    air_->step(at(10));
    ASSERT_EQ(heard_[1].size(), 1u);
    ASSERT_EQ(heard_[2].size(), 1u);
    EXPECT_TRUE(heard_[0].empty());
    EXPECT_EQ(heard_[1][0].bytes, "hello");
    EXPECT_EQ(heard_[1][0].at, at(10));
    EXPECT_EQ(air_->next(), BoxTime::max());
    EXPECT_EQ(air_->used(), kFrame);
}

TEST_F(FrameAirTest, WhatOverlapsIsLostToBoth) {
    with({});
    air_->transmit(0, "a", kFrame, at(0));
    air_->transmit(1, "b", kFrame, at(9));
    air_->step(at(30));
    for (const auto& list : heard_) EXPECT_TRUE(list.empty());
    EXPECT_EQ(air_->collisions(), 1u);
    air_->transmit(0, "c", kFrame, at(40));
    air_->step(at(50));
    air_->transmit(1, "d", kFrame, at(50));
    air_->step(at(60));
    EXPECT_EQ(heard_[2].size(), 2u) << "one after the other is no collision";
}

TEST_F(FrameAirTest, WhoIsSendingHearsNothingOnAnotherChannelEither) {
    with({});
    air_->tune(1, 2);
    air_->transmit(1, "b", kFrame, at(0));
    air_->tune(1, 0);
    air_->transmit(0, "a", kFrame, at(1));
    air_->step(at(20));
    EXPECT_TRUE(heard_[1].empty());
    EXPECT_EQ(heard_[2].size(), 1u);
    EXPECT_EQ(air_->collisions(), 0u);
}

TEST_F(FrameAirTest, AStationHearsItsOwnChannelOnlyAndNothingHalf) {
    with({});
    air_->tune(2, 9);
    air_->transmit(0, "a", kFrame, at(0));
    air_->tune(2, 0);
    air_->step(at(10));
    EXPECT_EQ(heard_[1].size(), 1u);
    EXPECT_TRUE(heard_[2].empty()) << "it came in the middle of it";
}

TEST_F(FrameAirTest, HiddenStationsDoNotHearEachOtherAndCollideBetweenThem) {
    with({});
    air_->link(0, 2, {1});
    air_->link(2, 0, {1});
    air_->transmit(0, "a", kFrame, at(0));
    EXPECT_FALSE(air_->busy(2, at(5)));
    air_->transmit(2, "c", kFrame, at(5));
    air_->step(at(20));
    EXPECT_TRUE(heard_[1].empty());
}

TEST_F(FrameAirTest, TwoFramesAtOnceFromOneStationIsABug) {
    with({});
    air_->transmit(0, "a", kFrame, at(0));
    EXPECT_THROW(air_->transmit(0, "b", kFrame, at(5)), std::logic_error);
}

TEST_F(FrameAirTest, IndependentLoss) {
    with({.loss = {0.2}});
    const auto [share, gap] = loss_of(20'000);
    EXPECT_NEAR(share, 0.2, 0.01);
    EXPECT_NEAR(gap, 1.25, 0.05);
}

TEST_F(FrameAirTest, BurstyLossIsAsMuchAndInLongerGaps) {
    with({.loss = {0.2, 3}});
    const auto [share, gap] = loss_of(20'000);
    EXPECT_NEAR(share, 0.2, 0.015);
    EXPECT_GT(gap, 2.0);
}

TEST_F(FrameAirTest, ADamagedFrameHasOneWrongBit) {
    with({.damaged = 1});
    air_->transmit(0, std::string(4, '\0'), kFrame, at(0));
    air_->step(at(10));
    int bits = 0;
    for (const char byte : heard_[1].at(0).bytes) bits += __builtin_popcount(byte & 255);
    EXPECT_EQ(bits, 1);
}

TEST_F(FrameAirTest, TheSameSeedGivesTheSameHistory) {
    const auto history = [this] {
        random_ = seeded_random(3);
        with({.loss = {0.3, 3}, .damaged = 0.1});
        loss_of(200);
        std::string all;
        for (const AirFrame& frame : heard_[1])
            all += frame.bytes + std::to_string(to_ms(frame.at));
        return all;
    };
    EXPECT_EQ(history(), history());
}

TEST_F(FrameAirTest, AnAnswerFromWithinIsHeardInItsTurn) {
    air_.emplace(*random_);
    std::vector<std::string> got;
    const int one = air_->attach([&](const AirFrame& frame) { got.push_back(frame.bytes); });
    int two = -1;
    two = air_->attach(
        [&](const AirFrame& frame) { air_->transmit(two, "re " + frame.bytes, kFrame, frame.at); });
    air_->transmit(one, "hi", kFrame, at(0));
    air_->step(at(30));
    EXPECT_EQ(got, std::vector<std::string>{"re hi"});
}

}  // namespace
}  // namespace waypost::simulator
