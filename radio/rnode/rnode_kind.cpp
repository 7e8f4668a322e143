// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "radio/rnode/rnode_radio.h"

namespace waypost::rnode {
namespace {

constexpr int kLeastPreamble = 18;          // symbols
constexpr double kPreambleSeconds = 0.024;  // which the firmware aims at with fast symbols
constexpr std::uint32_t kLowest = 137'000'000, kHighest = 1'020'000'000;  // SX127x, SX126x
constexpr int kBandwidths[] = {7'800,  10'400, 15'600,  20'800,  31'250,
                               41'700, 62'500, 125'000, 250'000, 500'000};

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("rnode: " + what); }

// "10", "2.5": percent as the device has it; nullopt: it is not said.
std::optional<std::uint32_t> percent(const ModemSettings& settings, const std::string& name) {
    const auto found = settings.more.find(name);
    if (found == settings.more.end()) return std::nullopt;
    const std::string& text = found->second;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || !(value > 0 && value <= 100))
        refuse(name + " = \"" + text + "\" is no percentage of airtime");
    return static_cast<std::uint32_t>(std::floor(value * 100));
}

void check(const ModemSettings& s) {
    const bool bandwidth = std::find(std::begin(kBandwidths), std::end(kBandwidths),
                                     s.lora.bandwidth_hz) != std::end(kBandwidths);
    if (s.frequency_hz < kLowest || s.frequency_hz > kHighest)
        refuse("set frequency, from 137 to 1020 MHz");
    if (!bandwidth) refuse("set bandwidth to one of 7.8 to 500 kHz that LoRa knows, such as 125");
    if (s.lora.spreading_factor < 7 || s.lora.spreading_factor > 12)
        refuse("set spreading factor from 7 to 12");
    if (s.lora.coding_rate < 5 || s.lora.coding_rate > 8) refuse("set coding rate from 5 to 8");
    if (s.power_dbm < 0 || s.power_dbm > 37) refuse("set power_dbm from 0 to 37");
    if (s.network != 0) refuse("its sync word cannot be set: leave out network");
    for (const auto& [name, value] : s.more) {
        if (name != "airtime_short" && name != "airtime_hour" && name != kTwoFramesSetting)
            refuse("there is no setting \"" + name + "\"");
    }
}

// Until the device says its own.
int preamble(const LoraParams& lora) {
    const double symbol = std::ldexp(1.0, lora.spreading_factor) / lora.bandwidth_hz;
    return std::max(kLeastPreamble, static_cast<int>(std::ceil(kPreambleSeconds / symbol)));
}

std::unique_ptr<FrameRadio> make(const ModemSettings& settings, Random&) {
    check(settings);
    Options options;
    options.frequency_hz = settings.frequency_hz;
    options.lora = settings.lora;
    options.lora.preamble_symbols = preamble(settings.lora);
    options.lora.explicit_header = options.lora.crc = true;
    options.power_dbm = settings.power_dbm;
    options.short_airtime = percent(settings, "airtime_short");
    options.long_airtime = percent(settings, "airtime_hour");
    options.two_frames = settings.more.count(kTwoFramesSetting) > 0;
    return std::make_unique<RnodeRadio>(options);
}

}  // namespace

ModemKind rnode_kind() {
    return {"rnode",
            "RNodes (LilyGO, Heltec, RAK and own boards with firmware 1.52 or later)",
            "airtime_short, airtime_hour: percent that the device itself lets be on air",
            115'200,
            true,
            true,
            false,
            make};
}

}  // namespace waypost::rnode
