// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/airtime.h"

#include <algorithm>
#include <cmath>

namespace waypost {
namespace {

struct Preset {
    int number;
    const char* name;
    int bandwidth_hz, spreading_factor, coding_rate;
};

constexpr Preset kPresets[] = {
    {0, "LongFast", 250'000, 11, 5},   {1, "LongSlow", 125'000, 12, 8},
    {3, "MediumSlow", 250'000, 10, 5}, {4, "MediumFast", 250'000, 9, 5},
    {5, "ShortSlow", 250'000, 8, 5},   {6, "ShortFast", 250'000, 7, 5},
    {7, "LongMod", 125'000, 11, 8},    {8, "ShortTurbo", 500'000, 7, 5},
    {9, "LongTurbo", 500'000, 11, 8},  {10, "LiteFast", 125'000, 9, 5},
    {11, "LiteSlow", 125'000, 10, 5},  {12, "NarrowFast", 62'500, 7, 6},
    {13, "NarrowSlow", 62'500, 8, 6},  {14, "TinyFast", 15'600, 7, 5},
    {15, "TinySlow", 15'600, 8, 6},    {16, "MediumTurbo", 500'000, 9, 5},
};

struct Region {
    int number;
    const char* name;
    double duty;
};

// 30 and 31 (EU_874, EU_917) have numbers, but no band in the firmware.
constexpr Region kRegions[] = {
    {1, "US", 1},          {2, "EU_433", 0.1},    {3, "EU_868", 0.1},    {4, "CN", 1},
    {5, "JP", 1},          {6, "ANZ", 1},         {7, "KR", 1},          {8, "TW", 1},
    {9, "RU", 1},          {10, "IN", 1},         {11, "NZ_865", 1},     {12, "TH", 0.1},
    {13, "LORA_24", 1},    {14, "UA_433", 0.1},   {15, "UA_868", 0.01},  {16, "MY_433", 1},
    {17, "MY_919", 1},     {18, "SG_923", 1},     {19, "PH_433", 1},     {20, "PH_868", 1},
    {21, "PH_915", 1},     {22, "ANZ_433", 1},    {23, "KZ_433", 1},     {24, "KZ_863", 1},
    {25, "NP_865", 1},     {26, "BR_902", 1},     {27, "ITU1_2M", 1},    {28, "ITU2_2M", 1},
    {29, "EU_866", 0.025}, {32, "EU_N_868", 0.1}, {33, "ITU3_2M", 1},    {34, "ITU1_70CM", 1},
    {35, "ITU2_70CM", 1},  {36, "ITU3_70CM", 1},  {37, "ITU2_125CM", 1},
};

}  // namespace

std::chrono::microseconds time_on_air(const LoraParams& p, std::size_t bytes) {
    const double symbol_us = std::ldexp(1.0, p.spreading_factor) * 1e6 / p.bandwidth_hz;
    const int low_rate = symbol_us >= 16'000 ? 1 : 0;
    const double bits = 8.0 * static_cast<double>(bytes) - 4.0 * p.spreading_factor + 8 +
                        (p.crc ? 16 : 0) + (p.explicit_header ? 20 : 0);
    const double blocks =
        std::ceil(std::max(bits, 0.0) / (4.0 * (p.spreading_factor - 2 * low_rate)));
    const double symbols = 8 + blocks * p.coding_rate;
    return std::chrono::microseconds(
        std::llround((p.preamble_symbols + 4.25 + symbols) * symbol_us));
}

std::optional<LoraParams> meshtastic_preset(int preset) {
    for (const Preset& p : kPresets) {
        if (p.number == preset) {
            return LoraParams{p.spreading_factor, p.bandwidth_hz, p.coding_rate, 16, true, true};
        }
    }
    return std::nullopt;
}

const char* meshtastic_preset_name(int preset) {
    for (const Preset& p : kPresets) {
        if (p.number == preset) return p.name;
    }
    return "unknown";
}

double meshtastic_duty_cycle(int region) {
    for (const Region& r : kRegions) {
        if (r.number == region) return r.duty;
    }
    return 0;
}

const char* meshtastic_region_name(int region) {
    for (const Region& r : kRegions) {
        if (r.number == region) return r.name;
    }
    return region == 0 ? "UNSET" : "unknown";
}

}  // namespace waypost
