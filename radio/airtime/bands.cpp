// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/bands.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace waypost {
namespace {

constexpr double kErpToEirp = 2.15;
constexpr double kFreeGain = 6;  // 47 CFR 15.247(b)(4)
constexpr double kSlack = 1e-9;
constexpr double kLeastPower = -60, kMostPower = 60, kMostGain = 40, kMostLoss = 60;

// EU: ETSI EN 300 220-2 V3.2.1, annex B; ERC Recommendation 70-03, annex 1. 868.6-868.7,
// 869.2-869.4 and 869.65-869.7 MHz belong to alarms.
constexpr std::string_view kEuK = "EN 300 220-2 band K; ERC 70-03 annex 1";
constexpr std::string_view kEuL = "EN 300 220-2 band L; ERC 70-03 annex 1";
constexpr std::string_view kEuM = "EN 300 220-2 band M; ERC 70-03 annex 1";
constexpr std::string_view kEuN = "EN 300 220-2 band N; ERC 70-03 annex 1";
constexpr std::string_view kEuP = "EN 300 220-2 band P; ERC 70-03 annex 1";
constexpr std::string_view kEuQ = "EN 300 220-2 band Q; ERC 70-03 annex 1";
constexpr std::string_view kEuFree = "ERC 70-03 annex 1, 869.7-870 MHz at 5 mW";
constexpr std::string_view kEu433 = "EN 300 220-2 band F; ERC 70-03 annex 1";
constexpr std::string_view kFccDigital = "47 CFR 15.247(a)(2), (b)(3), (e): 8 dBm in 3 kHz";
constexpr std::string_view kFccHop50 = "47 CFR 15.247(a)(1)(i), (b)(2): 50 channels";
constexpr std::string_view kFccHop25 = "47 CFR 15.247(a)(1)(i), (b)(2): 25 channels";
constexpr std::string_view kFccAny = "47 CFR 15.249(a): 50 mV/m at 3 m";
constexpr std::string_view kAuDigital = "LIPD class licence 2015 (AU), digital modulation";
constexpr std::string_view kAuHop =
    "LIPD class licence 2015 (AU), frequency hopping; dwell of LoRa Alliance RP002";
constexpr std::string_view kAuAny = "LIPD class licence 2015 (AU), all transmitters: 3 mW";
constexpr std::string_view kIn =
    "GSR 564(E) of 2005 (IN): 1 W, carrier of 200 kHz; EIRP of LoRa Alliance RP002";
constexpr std::string_view kAs =
    "LoRa Alliance RP002, AS923-1: what its countries have in common; each has its own law";

constexpr milliseconds kNone{0}, kDwell{400};
constexpr int kAny = 30'000'000;
constexpr PowerKind kErp = PowerKind::Erp, kEirp = PowerKind::Eirp, kCon = PowerKind::Conducted;

// clang-format off
// region, band, from, to (Hz), duty per mille, dBm, kind, bandwidth from, to, hops, dwell, window, verified, source
constexpr BandRule kRules[] = {
    {"EU868", "863-865",      863'000'000, 865'000'000,    1, 14, kErp, 0, kAny, 1, kNone, kNone, true,  kEuK},
    {"EU868", "865-868",      865'000'000, 868'000'000,   10, 14, kErp, 0, kAny, 1, kNone, kNone, true,  kEuL},
    {"EU868", "868-868.6",    868'000'000, 868'600'000,   10, 14, kErp, 0, kAny, 1, kNone, kNone, true,  kEuM},
    {"EU868", "868.7-869.2",  868'700'000, 869'200'000,    1, 14, kErp, 0, kAny, 1, kNone, kNone, true,  kEuN},
    {"EU868", "869.4-869.65", 869'400'000, 869'650'000,  100, 27, kErp, 0, kAny, 1, kNone, kNone, true,  kEuP},
    {"EU868", "869.7-870",    869'700'000, 870'000'000,   10, 14, kErp, 0, kAny, 1, kNone, kNone, true,  kEuQ},
    {"EU868", "869.7-870",    869'700'000, 870'000'000, 1000,  7, kErp, 0, kAny, 1, kNone, kNone, false, kEuFree},
    {"EU433", "433.05-434.79", 433'050'000, 434'790'000, 100, 10, kErp, 0, kAny, 1, kNone, kNone, false, kEu433},
    {"US915", "902-928", 902'000'000, 928'000'000, 1000, 30, kCon, 500'000, kAny, 1, kNone, kNone, true, kFccDigital},
    {"US915", "902-928", 902'000'000, 928'000'000, 1000, 30, kCon, 0, 249'999, 50, kDwell, milliseconds(20'000), true, kFccHop50},
    {"US915", "902-928", 902'000'000, 928'000'000, 1000, 24, kCon, 250'000, 499'999, 25, kDwell, milliseconds(10'000), true, kFccHop25},
    {"US915", "902-928", 902'000'000, 928'000'000, 1000, -1.3, kEirp, 0, kAny, 1, kNone, kNone, false, kFccAny},
    {"AU915", "915-928", 915'000'000, 928'000'000, 1000, 30, kEirp, 500'000, kAny, 1, kNone, kNone, false, kAuDigital},
    {"AU915", "915-928", 915'000'000, 928'000'000, 1000, 30, kEirp, 0, 499'999, 20, kDwell, kNone, false, kAuHop},
    {"AU915", "915-928", 915'000'000, 928'000'000, 1000, 4.7, kEirp, 0, kAny, 1, kDwell, kNone, false, kAuAny},
    {"IN865", "865-867", 865'000'000, 867'000'000, 1000, 30, kEirp, 0, 200'000, 1, kNone, kNone, false, kIn},
    {"AS923", "923-923.5", 923'000'000, 923'500'000, 10, 16, kEirp, 0, 125'000, 1, kDwell, kNone, false, kAs},
};
// clang-format on

double most_power(const BandRule& rule, const Emission& e) {
    const double net = e.antenna_gain_dbi - e.cable_loss_db;
    if (rule.kind == PowerKind::Erp) return rule.power_dbm + kErpToEirp - net;
    if (rule.kind == PowerKind::Eirp) return rule.power_dbm - net;
    return rule.power_dbm - std::max(net - kFreeGain, 0.0);
}

bool covers(const BandRule& rule, const Emission& e) {
    return lies_within(rule.from_hz, rule.to_hz, e.frequency_hz, e.bandwidth_hz);
}

bool admits_signal(const BandRule& rule, const Emission& e) {
    return e.bandwidth_hz >= rule.least_bandwidth_hz && e.bandwidth_hz <= rule.most_bandwidth_hz &&
           e.hop_channels >= rule.hop_channels;
}

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// Rounded down: what it names is allowed.
std::string dbm(double value) { return number(std::floor(value * 10) / 10, 1) + " dBm"; }

Error refused(const Emission& e, const std::string& what_to_do) {
    return {Code::Refused, number(e.frequency_hz / 1e6, 3) + " MHz with " +
                               number(e.bandwidth_hz / 1e3, 1) + " kHz is not allowed in " +
                               std::string(e.region) + ": " + what_to_do + "; nothing is sent"};
}

Error no_band(const Emission& e) {
    std::string bands;
    for (const BandRule& rule : kRules) {
        const std::string band(rule.band);
        if (rule.region != e.region || bands.find(band) != std::string::npos) continue;
        bands += (bands.empty() ? "" : ", ") + band;
    }
    return refused(e, "set a frequency that keeps the whole signal within " + bands + " MHz");
}

Error no_bandwidth(const Emission& e) {
    int least = 0, most = 0;
    for (const BandRule& rule : kRules) {
        if (rule.region != e.region || !covers(rule, e) || rule.hop_channels > 1) continue;
        if (rule.most_bandwidth_hz < e.bandwidth_hz) most = rule.most_bandwidth_hz;
        if (rule.least_bandwidth_hz > e.bandwidth_hz) least = rule.least_bandwidth_hz;
    }
    if (least > 0) return refused(e, "set a bandwidth of " + number(least / 1e3, 0) + " kHz");
    return refused(e, "set a bandwidth of at most " + number(most / 1e3, 0) + " kHz");
}

Error too_strong(const Emission& e, const BandRule& rule, double most) {
    std::string more;
    for (const BandRule& wide : kRules) {
        if (wide.region != e.region || !covers(wide, e) || wide.hop_channels > 1) continue;
        if (wide.least_bandwidth_hz > e.bandwidth_hz && most_power(wide, e) > most)
            more = ", or a bandwidth of " + number(wide.least_bandwidth_hz / 1e3, 0) + " kHz";
    }
    return {Code::Refused, "a power of " + number(e.power_dbm, 1) +
                               " dBm with this antenna is more than " + std::string(rule.region) +
                               ' ' + std::string(rule.band) + " MHz allows: set at most " +
                               dbm(most) + more + "; nothing is sent"};
}

// NaN is in no range.
bool makes_sense(const Emission& e) {
    return e.frequency_hz > 0 && e.bandwidth_hz > 0 && e.bandwidth_hz <= kAny &&
           e.power_dbm >= kLeastPower && e.power_dbm <= kMostPower &&
           e.antenna_gain_dbi >= -kMostGain && e.antenna_gain_dbi <= kMostGain &&
           e.cable_loss_db >= 0 && e.cable_loss_db <= kMostLoss;
}

Allowance allowed_by(const BandRule& rule, const Emission& e) {
    return {std::string(rule.region) + ' ' + std::string(rule.band),
            milliseconds(3'600 * rule.duty_per_mille),
            most_power(rule, e),
            rule.dwell,
            rule.dwell_window,
            rule.verified,
            std::string(rule.source)};
}

}  // namespace

std::span<const BandRule> band_rules() { return kRules; }

bool lies_within(std::uint32_t from_hz, std::uint32_t to_hz, std::uint32_t frequency_hz,
                 int bandwidth_hz) {
    const auto half = static_cast<std::uint32_t>(bandwidth_hz) / 2;
    return frequency_hz >= from_hz + half && frequency_hz <= to_hz - half;
}

std::string region_names() {
    std::string names;
    for (const BandRule& rule : kRules) {
        const std::string region(rule.region);
        if (names.find(region) == std::string::npos) names += (names.empty() ? "" : ", ") + region;
    }
    return names;
}

Result<Allowance> allowance(const Emission& e) {
    const auto here = [&](const BandRule& rule) { return rule.region == e.region; };
    if (std::none_of(std::begin(kRules), std::end(kRules), here)) {
        return Error{Code::Refused, "the region \"" + std::string(e.region) +
                                        "\" is not known: set region to the one whose law holds "
                                        "here (" +
                                        region_names() + "); nothing is sent"};
    }
    if (!makes_sense(e)) {
        return bad_input(
            "frequency, bandwidth, power, antenna gain or cable loss make no sense: "
            "set them as they are; nothing is sent");
    }
    const BandRule *best = nullptr, *strongest = nullptr;
    bool covered = false;
    for (const BandRule& rule : kRules) {
        if (!here(rule) || !covers(rule, e)) continue;
        covered = true;
        if (!admits_signal(rule, e)) continue;
        if (strongest == nullptr || most_power(rule, e) > most_power(*strongest, e))
            strongest = &rule;
        if (e.power_dbm > most_power(rule, e) + kSlack) continue;
        if (best == nullptr || rule.duty_per_mille > best->duty_per_mille) best = &rule;
    }
    if (best != nullptr) return allowed_by(*best, e);
    if (strongest != nullptr) return too_strong(e, *strongest, most_power(*strongest, e));
    return covered ? no_bandwidth(e) : no_band(e);
}

std::size_t largest_frame(const LoraParams& params, milliseconds dwell, std::size_t most) {
    if (dwell == milliseconds(0)) return most;
    while (most > 0 && time_on_air(params, most) > dwell) --most;
    return most;
}

}  // namespace waypost
