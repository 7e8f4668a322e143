// SPDX-License-Identifier: Apache-2.0
// What an operator is told of the box itself, and from when on ([alerts]).
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace waypost {

// The few things that somebody has to do something about.
enum class Trouble {
    Way,          // a transport is down
    Letters,      // letters wait for long although their network works
    Disk,         // nearly full, or full
    Store,        // it cannot write
    Backup,       // the last one is old, or failed
    Clock,        // the time is not believed
    Airtime,      // a radio has none left, for long
    Settings,     // what is saved cannot be used
    Certificate,  // of the console: it ends soon
    Neighbour,    // nothing was heard from one for days
    Battery,      // the box runs from it, and little is left
    Voltage,      // the power supply is too weak
};

struct HealthSettings {
    std::vector<std::string> to;        // handles and addresses; empty: the operators
    std::set<Trouble> off;              // neither shown nor told
    std::set<std::string> may_be_down;  // ids of transports that come and go
    std::chrono::milliseconds way_down = std::chrono::minutes(30);
    std::chrono::milliseconds letters_wait = std::chrono::hours(24);
    std::uint64_t disk_low = 256u << 20;  // bytes free
    std::chrono::milliseconds backup_old = std::chrono::hours(24 * 30);
    std::chrono::milliseconds clock_doubted = std::chrono::minutes(30);
    std::chrono::milliseconds airtime_out = std::chrono::hours(1);
    std::chrono::milliseconds certificate_ends = std::chrono::hours(24 * 14);
    std::chrono::milliseconds neighbour_silent = std::chrono::hours(24 * 14);
    int battery_low = 40;  // percent
    std::chrono::milliseconds again =
        std::chrono::hours(24);  // one matter is told of at most once in that time
};

}  // namespace waypost
