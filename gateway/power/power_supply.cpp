// SPDX-License-Identifier: Apache-2.0
#include "gateway/power/power_supply.h"

#include <charconv>
#include <filesystem>

#include "gateway/base/first_line.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr int kMostEntries = 32;  // of one class: more than any board has

std::optional<long> number_in(const fs::path& file) {
    const std::string text = first_line(file);
    long value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class Look>
void each_of(const fs::path& folder, Look look) {
    std::error_code failed;
    int seen = 0;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        if (++seen > kMostEntries) return;
        look(it->path());
    }
}

// Their charge in percent is added up: what each holds is not always told.
struct Batteries {
    long percent = 0;
    int count = 0;
};

void take_battery(const fs::path& at, PowerReading& reading, Batteries& all) {
    if (first_line(at / "scope") == "Device" || first_line(at / "present") == "0") return;
    const std::string status = first_line(at / "status");
    if (status == "Charging" || status == "Full") reading.charging = true;
    const auto capacity = number_in(at / "capacity");
    if (capacity && *capacity >= 0 && *capacity <= 100) {
        all.percent += *capacity;
        ++all.count;
    }
    const auto microvolts = number_in(at / "voltage_now");
    if (microvolts && *microvolts > 0 && *microvolts < 1'000'000'000 && !reading.millivolts)
        reading.millivolts = static_cast<int>(*microvolts / 1000);
}

void take_supply(const fs::path& at, PowerReading& reading, Batteries& all) {
    const std::string type = first_line(at / "type");
    if (type == "Battery" || type == "UPS") return take_battery(at, reading, all);
    const auto online = number_in(at / "online");
    if (online && (type == "Mains" || type.rfind("USB", 0) == 0))
        reading.mains = reading.mains.value_or(false) || *online != 0;
}

}  // namespace

PowerReading read_power(const std::string& sys) {
    PowerReading reading;
    Batteries all;
    each_of(sys + "/class/power_supply",
            [&](const fs::path& at) { take_supply(at, reading, all); });
    if (all.count > 0) reading.percent = static_cast<int>(all.percent / all.count);
    each_of(sys + "/class/hwmon", [&](const fs::path& at) {
        if (first_line(at / "name") == "rpi_volt" && number_in(at / "in0_lcrit_alarm") == 1)
            reading.undervoltage = true;
    });
    return reading;
}

}  // namespace waypost
