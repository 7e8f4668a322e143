// SPDX-License-Identifier: Apache-2.0
// A folder that stands for /sys: what a battery, a supply and a Raspberry Pi tell.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace waypost {

class Sysfs {
  public:
    Sysfs() {
        char name[] = "/tmp/waypost-sysfs-XXXXXX";
        folder_ = ::mkdtemp(name);
    }
    ~Sysfs() { std::filesystem::remove_all(folder_); }
    Sysfs(const Sysfs&) = delete;
    Sysfs& operator=(const Sysfs&) = delete;
    const std::string& folder() const { return folder_; }

    void put(const std::string& file, const std::string& text) const {
        const std::filesystem::path at = folder_ + "/class/" + file;
        std::filesystem::create_directories(at.parent_path());
        std::ofstream(at) << text << '\n';
    }
    void battery(int percent, const std::string& status = "Discharging",
                 const std::string& name = "BAT0") const {
        put("power_supply/" + name + "/type", "Battery");
        put("power_supply/" + name + "/capacity", std::to_string(percent));
        put("power_supply/" + name + "/status", status);
    }
    void mains(bool online) const {
        put("power_supply/AC/type", "Mains");
        put("power_supply/AC/online", online ? "1" : "0");
    }
    void undervoltage(bool yes) const {
        put("hwmon/hwmon3/name", "rpi_volt");
        put("hwmon/hwmon3/in0_lcrit_alarm", yes ? "1" : "0");
    }

  private:
    std::string folder_;
};

}  // namespace waypost
