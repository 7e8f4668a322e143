// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/told_clock.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/fake_clock.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

class Told : public ::testing::Test {
  protected:
    Told() {
        char name[] = "/tmp/waypost-told-XXXXXX";
        folder_ = ::mkdtemp(name);
        file_ = folder_ + "/time";
    }
    ~Told() override { fs::remove_all(folder_); }
    ToldClock clock() {
        return ToldClock(
            machine_, [this] { return up_; }, file_);
    }
    void pass(milliseconds time) {
        machine_.advance(time);
        up_ += time;
    }
    std::string line() const {
        std::ifstream in(file_);
        std::string text;
        std::getline(in, text);
        return text;
    }
    void device(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(folder_ + '/' + name).parent_path());
        std::ofstream(folder_ + '/' + name) << text << '\n';
    }

    FakeClock machine_;
    milliseconds up_ = seconds(40);
    std::string folder_, file_;
};

TEST_F(Told, WhatIsToldCountsUntilTheMachineFollowsOrIsSynchronised) {
    ToldClock clock = this->clock();
    EXPECT_FALSE(clock.synchronised());
    const WallTime before = clock.wall();
    const WallTime right = before + hours(24 * 300);
    ASSERT_TRUE(*clock.tell(right, "meshtastic.roof"));
    EXPECT_TRUE(clock.synchronised());
    EXPECT_EQ(clock.wall(), right);
    EXPECT_EQ(clock.told_by(), "meshtastic.roof");
    pass(hours(2));
    EXPECT_EQ(clock.wall(), right + hours(2));
    machine_.jump_wall(right - before + milliseconds(700));  // somebody set it, to the second
    EXPECT_EQ(clock.wall(), machine_.wall());
    machine_.jump_wall(hours(5));  // set again, by nobody who vouches
    EXPECT_EQ(clock.wall(), right + hours(2));
    machine_.synchronise(true);
    EXPECT_TRUE(clock.synchronised());
    EXPECT_EQ(clock.wall(), machine_.wall());
    EXPECT_FALSE(fs::exists(file_));
    EXPECT_FALSE(*clock.tell(right, "operator")) << "the network knows better";
    machine_.synchronise(false);
    EXPECT_FALSE(clock.synchronised());
}

TEST_F(Told, ItIsKnownAfterARestartOfTheGatewayAndNotOfTheMachine) {
    const WallTime right = machine_.wall() + hours(1000);
    {
        ToldClock clock = this->clock();
        ASSERT_TRUE(clock.tell(right, "operator").ok());
    }
    EXPECT_EQ(line(), std::to_string(to_ms(right)) + " 40000 operator");
    pass(seconds(30));
    EXPECT_EQ(clock().wall(), right + seconds(30));
    EXPECT_TRUE(clock().synchronised());
    up_ = seconds(5);
    EXPECT_FALSE(clock().synchronised());
    EXPECT_EQ(clock().wall(), machine_.wall());
}

TEST_F(Told, WhatCannotBeTheTimeIsRefused) {
    ToldClock clock = this->clock();
    for (const WallTime wrong :
         {WallTime{}, WallTime{seconds(1'700'000'000)}, WallTime{seconds(5'000'000'000)}}) {
        const auto told = clock.tell(wrong, "operator");
        ASSERT_FALSE(told.ok());
        EXPECT_EQ(told.error().code, Code::BadInput);
    }
    EXPECT_FALSE(clock.synchronised());
    EXPECT_FALSE(fs::exists(file_));
}

TEST_F(Told, AFileThatSaysNothingIsNotBelieved) {
    for (const std::string text :
         {"", "1800000000000", "1800000000000 12", "x 12 operator", "1800000000000 -1 operator",
          "1 12 operator", "99999999999999999999 12 operator", "1800000000000 12x operator"})
        EXPECT_FALSE(parse_told_time(text)) << text;
    EXPECT_TRUE(parse_told_time("1800000000000 12 meshtastic.roof"));
}

TEST_F(Told, AClockWithABatteryIsOneThatShowsWhatTheMachineShows) {
    const WallTime now = machine_.wall();
    EXPECT_TRUE(clock_was_kept(folder_, now)) << "neither clock nor board: a container";
    fs::create_directories(folder_ + "/firmware/devicetree/base");
    EXPECT_FALSE(clock_was_kept(folder_, now)) << "a board without a clock";
    device("class/rtc/rtc0/since_epoch", "12");
    EXPECT_FALSE(clock_was_kept(folder_, now)) << "its battery is empty";
    device("class/rtc/rtc1/since_epoch", std::to_string(to_ms(now) / 1000 + 3600));
    EXPECT_TRUE(clock_was_kept(folder_, now)) << "in local time";
    fs::remove_all(folder_ + "/class");
    fs::remove_all(folder_ + "/firmware");
    device("class/rtc/rtc0/since_epoch", "no number");
    EXPECT_TRUE(clock_was_kept(folder_, now));
    device("class/rtc/rtc0/since_epoch", "1262304000");
    EXPECT_FALSE(clock_was_kept(folder_, now)) << "a laptop that begins in 2010";
}

}  // namespace
}  // namespace waypost
