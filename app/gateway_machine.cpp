// SPDX-License-Identifier: Apache-2.0
// What a gateway does about the machine that it runs on: its clock, its power, copies of it.
#include <cstdlib>

#include "app/console_tls.h"
#include "app/gateway.h"
#include "gateway/base/log.h"

namespace waypost {
namespace {

constexpr char kBatteryDetail[] = "battery %";  // of a radio's status

PowerSettings power_settings(const Config& config) {
    const SectionValues& power = config.section("power");
    PowerSettings settings;
    settings.wifi_off_below = static_cast<int>(power.integer("wifi_off_below"));
    settings.console_off_below = static_cast<int>(power.integer("console_off_below"));
    settings.wait = power.duration("wait");
    return settings;
}

}  // namespace

bool clock_is_kept(const Config& config, const Clock& clock) {
    const std::string& kept = config.section("box").text("clock");
    return kept == "kept" || (kept == "auto" && clock_was_kept("/sys", clock.wall()));
}

// By a radio with GPS. It says so every few minutes, so what is known already changes nothing.
void Gateway::time_is(const TransportId& by, WallTime now) {
    constexpr std::chrono::seconds kSame{2};
    const auto apart = now - clock_.wall();
    if (apart < kSame && apart > -kSame && office_.time_doubt().empty()) return;
    const auto told = clock_.tell(now, by);
    if (!told.ok()) return log(Level::Warning, "clock", "not-believed", {{"by", by}});
    if (!*told) return;
    log(Level::Info, "clock", "told", {{"by", by}});
    office_.confirm_time();
}

void Gateway::use_machine(const Config& config) {
    backups_->use(backup_plan(config));
    const std::lock_guard lock(anew_mutex_);
    power_settings_ = power_settings(config);
    battery_radio_ = config.section("power").text("battery");
}

std::optional<int> Gateway::radio_battery() {
    std::string id;
    {
        const std::lock_guard lock(anew_mutex_);
        id = battery_radio_;
    }
    const auto radio = id.empty() ? nullptr : office_.transports().find(id);
    if (!radio) return std::nullopt;
    const Status status = radio->status();
    const auto told = status.details.find(kBatteryDetail);
    if (!status.up || told == status.details.end()) return std::nullopt;
    return std::atoi(told->second.c_str());  // NOLINT: the radio's own number
}

void Gateway::look_for_hardware() {
    transports_.look_for_hardware();
    keep_power();
}

void Gateway::open_console() {
    const SectionValues& console = opened_with_.section("console");
    if (console.has("listen") || certificates_)
        site_ = std::make_unique<site::Site>(desk_, site_options(opened_with_, certificates_));
}

// The console comes and goes with the power, the command line and the radios stay.
void Gateway::keep_power() {
    PowerSettings settings;
    {
        const std::lock_guard lock(anew_mutex_);
        settings = power_settings_;
    }
    const BoxTime now = clock_.box();
    const PowerLevel before = std::exchange(power_level_, power_.look(settings, now));
    const auto soon = power_.facts(now).soon;
    if (before != power_level_ || soon != power_soon_)
        live_->tell({"power", {{"soon", std::string(goes_off(soon))}}, 0, "box", {}});
    power_soon_ = soon;
    if (power_level_ == PowerLevel::NoConsole) return site_.reset();
    if (before != PowerLevel::NoConsole || site_) return;
    try {
        open_console();
    } catch (const std::exception& e) {
        log(Level::Error, "gateway", "no-console", {{"why", e.what()}});
    }
}

}  // namespace waypost
