// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/amateur.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "radio/airtime/bands.h"

namespace waypost {
namespace {

constexpr int kAny = 30'000'000;
constexpr std::string_view kItu = "ITU Radio Regulations, article 5; the national licence decides";

constexpr AmateurBand kBands[] = {
    {"R1", 144'000'000, 146'000'000, kAny, false, kItu},
    {"R1", 430'000'000, 440'000'000, kAny, false, kItu},
    {"R2", 144'000'000, 148'000'000, kAny, false, kItu},
    {"R2", 430'000'000, 440'000'000, kAny, false, kItu},
    {"R2", 902'000'000, 928'000'000, kAny, false, kItu},
    {"R3", 144'000'000, 148'000'000, kAny, false, kItu},
    {"R3", 430'000'000, 440'000'000, kAny, false, kItu},
    {"US", 144'100'000, 148'000'000, 20'000, false, "47 CFR 97.301, 97.305, 97.307(f)(5)"},
    {"US", 222'000'000, 225'000'000, 100'000, false, "47 CFR 97.301, 97.305, 97.307(f)(6)"},
    {"US", 420'000'000, 450'000'000, 100'000, false, "47 CFR 97.301, 97.305, 97.307(f)(6)"},
    {"US", 902'000'000, 928'000'000, kAny, false, "47 CFR 97.301, 97.305, 97.307(f)(7)"},
};

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

Error refused(const std::string& why) { return {Code::Refused, why}; }

std::string mhz(std::uint32_t hz) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", hz / 1e6);
    return text;
}

Error out_of_band(std::string_view region, std::uint32_t frequency_hz) {
    std::string bands;
    for (const AmateurBand& band : kBands) {
        if (band.region != region) continue;
        bands += (bands.empty() ? "" : ", ") + mhz(band.from_hz) + '-' + mhz(band.to_hz);
        if (band.most_bandwidth_hz < kAny)
            bands += " (" + std::to_string(band.most_bandwidth_hz / 1000) + " kHz)";
    }
    if (bands.empty()) {
        return refused("the amateur region \"" + std::string(region) +
                       "\" is not known: set R1, R2, R3 or US; nothing is sent");
    }
    return refused(mhz(frequency_hz) + " MHz with this bandwidth is in no amateur band of " +
                   std::string(region) + ": set one of " + bands + "; nothing is sent");
}

}  // namespace

Result<void> amateur_may_send(AmateurTraffic traffic) {
    switch (traffic) {
        case AmateurTraffic::Identification:
        case AmateurTraffic::LinkControl:
        case AmateurTraffic::OwnMessage:
        case AmateurTraffic::Distress:
        case AmateurTraffic::ScreenedMail:
            return {};
        case AmateurTraffic::UnscreenedMail:
            return refused(
                "an amateur station answers for what it forwards (47 CFR 97.219): let "
                "the operator pass this mail first");
        case AmateurTraffic::NncpPacket:
            return refused(
                "NNCP packets are encrypted, which amateur stations may not send (ITU "
                "RR 25.2A): let them go another way");
        case AmateurTraffic::Encrypted:
            break;
    }
    return refused(
        "amateur stations may not send what is encrypted (ITU RR 25.2A, 47 CFR "
        "97.113): send it in clear, or another way");
}

std::span<const AmateurBand> amateur_bands() { return kBands; }

Result<void> amateur_allows(std::string_view region, std::uint32_t frequency_hz, int bandwidth_hz) {
    if (bandwidth_hz <= 0 || bandwidth_hz > kAny)
        return bad_input("the bandwidth makes no sense: set it as it is; nothing is sent");
    const bool allowed = std::any_of(std::begin(kBands), std::end(kBands), [&](const auto& band) {
        return band.region == region && bandwidth_hz <= band.most_bandwidth_hz &&
               lies_within(band.from_hz, band.to_hz, frequency_hz, bandwidth_hz);
    });
    if (!allowed) return out_of_band(region, frequency_hz);
    return {};
}

bool is_call_sign(std::string_view text) {
    const auto ok = [](char c) { return upper(c) || digit(c); };
    return text.size() >= 3 && text.size() <= 6 && std::all_of(text.begin(), text.end(), ok) &&
           std::any_of(text.begin(), text.end(), digit) && upper(text.back());
}

}  // namespace waypost
