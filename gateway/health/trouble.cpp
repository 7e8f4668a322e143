// SPDX-License-Identifier: Apache-2.0
#include "gateway/health/trouble.h"

#include <algorithm>

namespace waypost {
namespace {

// A radio whose hour has less of it left than this share lets letters wait.
constexpr int kLittleAirtime = 20;  // a twentieth

bool is_left_out(const TransportId& id, const HealthSettings& settings) {
    return settings.may_be_down.count(id) > 0;
}

bool has_little_airtime(const Status& status) {
    if (!status.up || !status.airtime_limited) return false;
    const milliseconds all = status.airtime_used + status.airtime_left;
    return status.airtime_left * kLittleAirtime < all;
}

class Finder {
  public:
    Finder(const HealthFacts& facts, const HealthSettings& settings)
        : facts_(facts), settings_(settings) {}

    std::vector<Finding> run() {
        ways();
        letters();
        disk();
        backup();
        clock();
        settings();
        certificate();
        neighbours();
        power();
        return std::move(all_);
    }

  private:
    void add(Finding finding) {
        if (settings_.off.count(finding.trouble) == 0) all_.push_back(std::move(finding));
    }
    bool all_down() const {
        return std::none_of(facts_.ways.begin(), facts_.ways.end(),
                            [](const auto& way) { return way.status.up; });
    }
    void ways() {
        for (const auto& way : facts_.ways) {
            if (!way.status.up && !is_left_out(way.id, settings_))
                add({Trouble::Way, way.id, way.status.why, all_down(), settings_.way_down, {}});
            if (has_little_airtime(way.status))
                add({Trouble::Airtime, way.id, {}, false, settings_.airtime_out, {}});
        }
    }
    void letters() {
        for (const auto& [network, since] : facts_.oldest_letter) {
            const milliseconds waits(facts_.wall_ms - since);
            if (waits < settings_.letters_wait) continue;
            const auto way = std::find_if(facts_.ways.begin(), facts_.ways.end(),
                                          [&, net = network](const auto& each) {
                                              return each.network == net && each.status.up;
                                          });
            if (way != facts_.ways.end())
                add({Trouble::Letters, network, way->status.why, false, milliseconds(0), waits});
        }
    }
    void disk() {
        if (facts_.disk_full || facts_.disk_free < settings_.disk_low)
            add({Trouble::Disk, {}, {}, facts_.disk_full, milliseconds(0), {}});
        if (!facts_.store_problem.empty())
            add({Trouble::Store, {}, facts_.store_problem, true, milliseconds(0), {}});
    }
    void backup() {
        if (!facts_.backup_problem.empty())
            return add({Trouble::Backup, {}, facts_.backup_problem, false, milliseconds(0), {}});
        if (!facts_.backup_box_ms) return;
        const milliseconds age(facts_.box_ms - *facts_.backup_box_ms);
        if (age >= settings_.backup_old)
            add({Trouble::Backup, {}, {}, false, milliseconds(0), age});
    }
    void clock() {
        if (!facts_.clock_doubt.empty())
            add({Trouble::Clock, {}, facts_.clock_doubt, false, settings_.clock_doubted, {}});
    }
    void settings() {
        if (!facts_.settings_problem.empty())
            add({Trouble::Settings, {}, facts_.settings_problem, false, milliseconds(0), {}});
    }
    void certificate() {
        if (!facts_.certificate_ends_ms) return;
        const milliseconds left(*facts_.certificate_ends_ms - facts_.wall_ms);
        if (left < settings_.certificate_ends)
            add({Trouble::Certificate, {}, {}, false, milliseconds(0), {}});
    }
    void neighbours() {
        for (const auto& [name, heard_ms] : facts_.heard_ms) {
            const milliseconds silence(facts_.wall_ms - heard_ms);
            if (silence >= settings_.neighbour_silent)
                add({Trouble::Neighbour, name, {}, false, milliseconds(0), silence});
        }
    }
    void power() {
        const PowerFacts& power = facts_.power;
        if (power.runs_down() && *power.percent < settings_.battery_low)
            add({Trouble::Battery, {}, in_words(power), false, milliseconds(0), {}});
        if (power.undervoltage) add({Trouble::Voltage, {}, {}, false, milliseconds(0), {}});
    }

    const HealthFacts& facts_;
    const HealthSettings& settings_;
    std::vector<Finding> all_;
};

}  // namespace

const char* to_string(Trouble trouble) {
    switch (trouble) {
        case Trouble::Way:
            return "way";
        case Trouble::Letters:
            return "letters";
        case Trouble::Disk:
            return "disk";
        case Trouble::Store:
            return "store";
        case Trouble::Backup:
            return "backup";
        case Trouble::Clock:
            return "clock";
        case Trouble::Airtime:
            return "airtime";
        case Trouble::Settings:
            return "settings";
        case Trouble::Certificate:
            return "certificate";
        case Trouble::Neighbour:
            return "neighbour";
        case Trouble::Battery:
            return "battery";
        case Trouble::Voltage:
            return "voltage";
    }
    return "";
}

const std::vector<Trouble>& all_troubles() {
    static const std::vector<Trouble> kAll = {
        Trouble::Way,         Trouble::Letters,   Trouble::Disk,    Trouble::Store,
        Trouble::Backup,      Trouble::Clock,     Trouble::Airtime, Trouble::Settings,
        Trouble::Certificate, Trouble::Neighbour, Trouble::Battery, Trouble::Voltage};
    return kAll;
}

std::optional<Trouble> trouble_named(std::string_view name) {
    for (const Trouble each : all_troubles()) {
        if (name == to_string(each)) return each;
    }
    return std::nullopt;
}

std::vector<Finding> find_troubles(const HealthFacts& facts, const HealthSettings& settings) {
    return Finder(facts, settings).run();
}

bool is_sure(Trouble trouble, const HealthFacts& facts) {
    const bool by_wall = trouble == Trouble::Letters || trouble == Trouble::Certificate ||
                         trouble == Trouble::Neighbour;
    return !by_wall || facts.clock_doubt.empty();
}

bool is_watched(Trouble trouble, const std::string& of, const HealthFacts& facts,
                const HealthSettings& settings) {
    if (settings.off.count(trouble) > 0) return false;
    const auto here = [&](auto same) {
        return std::any_of(facts.ways.begin(), facts.ways.end(), same);
    };
    switch (trouble) {
        case Trouble::Way:
            if (is_left_out(of, settings)) return false;
            [[fallthrough]];
        case Trouble::Airtime:
            return here([&](const auto& way) { return way.id == of; });
        case Trouble::Letters:
            return here([&](const auto& way) { return way.network == of; });
        case Trouble::Neighbour:
            return facts.heard_ms.count(of) > 0;
        default:
            return true;
    }
}

}  // namespace waypost
