// SPDX-License-Identifier: Apache-2.0
#include "app/health_settings.h"

#include <stdexcept>

#include "gateway/health/trouble.h"
#include "gateway/message/address.h"

namespace waypost {
namespace {

Trouble trouble_in(const std::string& name) {
    if (const auto trouble = trouble_named(name)) return *trouble;
    std::string names;
    for (const Trouble each : all_troubles())
        names += (names.empty() ? "" : ", ") + std::string(to_string(each));
    throw std::runtime_error("[alerts] off: there is no `" + name + "`, only " + names);
}

}  // namespace

HealthSettings health_settings(const Config& config) {
    const SectionValues& alerts = config.section("alerts");
    HealthSettings settings;
    settings.to = alerts.list("to");
    for (const std::string& each : settings.to) {
        if (each.find_first_of("@:") != std::string::npos && !parse_address(each).ok())
            throw std::runtime_error("[alerts] to: " + each +
                                     " is neither a handle nor an address");
    }
    for (const std::string& name : alerts.list("off")) settings.off.insert(trouble_in(name));
    for (const std::string& id : alerts.list("may_be_down")) settings.may_be_down.insert(id);
    settings.way_down = alerts.duration("way_down");
    settings.letters_wait = alerts.duration("letters_wait");
    settings.disk_low = static_cast<std::uint64_t>(alerts.bytes("disk_low"));
    settings.backup_old = alerts.duration("backup_old");
    settings.clock_doubted = alerts.duration("clock_doubted");
    settings.airtime_out = alerts.duration("airtime_out");
    settings.certificate_ends = alerts.duration("certificate_ends");
    settings.neighbour_silent = alerts.duration("neighbour_silent");
    settings.battery_low = static_cast<int>(alerts.integer("battery_low"));
    settings.again = alerts.duration("again");
    return settings;
}

}  // namespace waypost
