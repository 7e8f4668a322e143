// SPDX-License-Identifier: Apache-2.0
// LoRa time on air, and what Meshtastic's presets and regions make of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost {

struct LoraParams {
    int spreading_factor = 11;  // 7..12
    int bandwidth_hz = 250'000;
    int coding_rate = 5;  // 5..8, of 4/5..4/8
    int preamble_symbols = 16;
    bool explicit_header = true;
    bool crc = true;
};

// Semtech AN1200.13 and the SX126x data sheet, 6.1.4; low data rate optimisation where a symbol
// lasts 16 ms or more.
std::chrono::microseconds time_on_air(const LoraParams& params, std::size_t bytes);

// By the numbers of Meshtastic's Config.LoRaConfig.ModemPreset and RegionCode.
std::optional<LoraParams> meshtastic_preset(int preset);
const char* meshtastic_preset_name(int preset);
// Share of an hour that the law leaves a transmitter in this region; 1 where it sets none, 0 for an
// unset or unknown region: nothing may be sent there.
double meshtastic_duty_cycle(int region);
const char* meshtastic_region_name(int region);

}  // namespace waypost
