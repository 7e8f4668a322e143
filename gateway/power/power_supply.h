// SPDX-License-Identifier: Apache-2.0
// What the kernel tells of the power that the box runs from: batteries and supplies
// (Documentation/ABI/testing/sysfs-class-power), and the Raspberry Pi's undervoltage
// (Documentation/hwmon/raspberrypi-hwmon.rst).
#pragma once

#include <optional>
#include <string>

namespace waypost {

struct PowerReading {
    std::optional<int> percent;     // of all batteries together; none: there is none that tells
    std::optional<int> millivolts;  // of the first battery that tells
    std::optional<bool> mains;      // some supply gives power; none: there is none that tells
    bool charging = false;          // or full
    bool undervoltage = false;

    bool runs_down() const { return percent && mains != true && !charging; }
};

// `sys`: "/sys". Batteries of mice and the like (scope Device) do not count. What cannot be read,
// or is no number, counts as not there.
PowerReading read_power(const std::string& sys);

}  // namespace waypost
