// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_supply.h"

#include <gtest/gtest.h>

#include "sysfs.h"

namespace waypost {
namespace {

TEST(PowerSupply, AMachineThatTellsNothingHasNone) {
    const Sysfs sys;
    const PowerReading nothing = read_power(sys.folder());
    EXPECT_FALSE(nothing.percent || nothing.mains || nothing.millivolts);
    EXPECT_FALSE(nothing.undervoltage || nothing.charging);
}

TEST(PowerSupply, ALaptopsBatteryAndItsPlug) {
    const Sysfs sys;
    sys.battery(57);
    sys.put("power_supply/BAT0/voltage_now", "12150000");
    sys.mains(false);
    PowerReading reading = read_power(sys.folder());
    EXPECT_EQ(reading.percent, 57);
    EXPECT_EQ(reading.millivolts, 12150);
    EXPECT_EQ(reading.mains, false);
    EXPECT_FALSE(reading.charging);
    sys.mains(true);
    sys.battery(58, "Charging");
    reading = read_power(sys.folder());
    EXPECT_EQ(reading.mains, true);
    EXPECT_TRUE(reading.charging);
}

TEST(PowerSupply, TwoBatteriesAreOne) {
    const Sysfs sys;
    sys.battery(80);
    sys.battery(21, "Discharging", "BAT1");
    EXPECT_EQ(read_power(sys.folder()).percent, 50);
}

TEST(PowerSupply, AMouseAndABatteryThatIsNotThereDoNotCount) {
    const Sysfs sys;
    sys.battery(3, "Discharging", "hid-mouse");
    sys.put("power_supply/hid-mouse/scope", "Device");
    sys.battery(0, "Unknown", "BAT1");
    sys.put("power_supply/BAT1/present", "0");
    EXPECT_FALSE(read_power(sys.folder()).percent);
}

TEST(PowerSupply, WhatIsNoNumberCountsAsNotThere) {
    const Sysfs sys;
    for (const std::string wrong : {"", "x", "12x", "-1", "101", "99999999999999999999999"}) {
        sys.put("power_supply/BAT0/type", "Battery");
        sys.put("power_supply/BAT0/capacity", wrong);
        sys.put("power_supply/BAT0/voltage_now", wrong);
        EXPECT_FALSE(read_power(sys.folder()).percent) << wrong;
    }
    sys.put("power_supply/AC/type", "Mains");
    sys.put("power_supply/AC/online", "perhaps");
    EXPECT_FALSE(read_power(sys.folder()).mains);
}

TEST(PowerSupply, TheRaspberryPisUndervoltage) {
    const Sysfs sys;
    sys.undervoltage(false);
    EXPECT_FALSE(read_power(sys.folder()).undervoltage);
    sys.undervoltage(true);
    EXPECT_TRUE(read_power(sys.folder()).undervoltage);
    sys.put("hwmon/hwmon3/name", "coretemp");
    EXPECT_FALSE(read_power(sys.folder()).undervoltage) << "another chip's alarm";
}

}  // namespace
}  // namespace waypost
