// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_watch.h"

#include <gtest/gtest.h>

#include "sysfs.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class Watch : public ::testing::Test {
  protected:
    std::string state() const {
        std::ifstream in(sys_.folder() + "/state");
        std::string word;
        std::getline(in, word);
        return word;
    }
    PowerLevel later(PowerWatch& watch, milliseconds time) {
        now_ += time;
        return watch.look(settings_, now_);
    }
    const Sysfs sys_;
    PowerSettings settings_;
    BoxTime now_{};
};

TEST_F(Watch, TheFileSaysTheLevelInAWord) {
    PowerWatch watch({sys_.folder(), sys_.folder() + "/state", {}});
    sys_.battery(90);
    sys_.mains(false);
    EXPECT_EQ(later(watch, seconds(0)), PowerLevel::Full);
    EXPECT_EQ(state(), "full");
    sys_.battery(20);
    later(watch, seconds(9));
    EXPECT_EQ(watch.facts(now_).percent, 90) << "not read each time";
    later(watch, seconds(1));
    EXPECT_EQ(watch.facts(now_).percent, 20);
    EXPECT_EQ(watch.facts(now_).soon, PowerLevel::NoWifi);
    EXPECT_EQ(state(), "full");
    EXPECT_EQ(later(watch, minutes(2)), PowerLevel::NoWifi);
    EXPECT_EQ(state(), "no-wifi");
    EXPECT_EQ(in_words(watch.facts(now_)), "battery at 20 %, no mains; the Wi-Fi is off");
    sys_.battery(5);
    later(watch, seconds(10));
    EXPECT_EQ(later(watch, minutes(2)), PowerLevel::NoConsole);
    EXPECT_EQ(state(), "no-console");
    sys_.mains(true);
    later(watch, seconds(10));
    EXPECT_EQ(later(watch, minutes(2)), PowerLevel::Full);
    EXPECT_EQ(state(), "full");
    EXPECT_FALSE(watch.facts(now_).runs_down());
}

TEST_F(Watch, UndervoltageCountsForTenMinutes) {
    PowerWatch watch({sys_.folder(), {}, {}});
    sys_.undervoltage(true);
    later(watch, seconds(0));
    EXPECT_TRUE(watch.facts(now_).undervoltage);
    sys_.undervoltage(false);
    later(watch, minutes(10) - seconds(1));
    EXPECT_TRUE(watch.facts(now_).undervoltage);
    later(watch, seconds(1));
    EXPECT_FALSE(watch.facts(now_).undervoltage);
}

TEST_F(Watch, ARadioThatSharesTheBatteryTellsItsCharge) {
    std::optional<int> percent = 17;
    PowerWatch watch({sys_.folder(), {}, [&] { return percent; }});
    later(watch, seconds(0));
    EXPECT_TRUE(watch.facts(now_).runs_down());
    EXPECT_EQ(in_words(watch.facts(now_)), "battery at 17 %");
    percent.reset();
    later(watch, seconds(10));
    EXPECT_FALSE(watch.facts(now_).told());
}

TEST_F(Watch, AFileThatCannotBeWrittenStopsNothing) {
    PowerWatch watch({sys_.folder(), sys_.folder() + "/no/such/folder/state", {}});
    sys_.battery(1);
    later(watch, seconds(0));
    EXPECT_EQ(later(watch, minutes(2)), PowerLevel::NoConsole);
}

}  // namespace
}  // namespace waypost
