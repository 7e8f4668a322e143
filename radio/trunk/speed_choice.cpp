// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/speed_choice.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace waypost::trunk {
namespace {

constexpr std::uint64_t kFewest = 12;  // frames heard, before anything is said of a speed
constexpr std::uint64_t kFewestToProve = 3;
constexpr std::uint64_t kSilences = 3;        // in a row they end a speed (link.cpp)
constexpr milliseconds kSettle{120'000};      // at one speed, at least
constexpr milliseconds kFirstPause{900'000};  // after a trial that failed
constexpr milliseconds kLastPause{86'400'000};
constexpr milliseconds kProven{1'800'000};  // at a faster speed: the next pause is short again
constexpr double kGo = 8, kStay = 3;        // dB above what the modem needs
constexpr double kLossToGo = 0.15, kLossToStay = 0.3;

// The SNR from which on a frame is heard (SX1276 data sheet, table 13).
double floor_of(int spreading_factor) { return -7.5 - 2.5 * (spreading_factor - 7); }

// Of a frame of some length: only what is faster counts.
std::chrono::microseconds cost(const LoraParams& params) { return time_on_air(params, 100); }

}  // namespace

SpeedNumber number_of(int spreading_factor, int bandwidth_hz) {
    return static_cast<SpeedNumber>(spreading_factor * 16 + bandwidth_hz / 125'000);
}

Result<LoraParams> parse_speed(std::string_view text, const LoraParams& base) {
    const Error wrong =
        bad_input("\"" + std::string(text) + "\" is no speed: write it as SF7/250 (kHz)");
    const std::size_t slash = text.find('/');
    if (!text.starts_with("SF") || slash == std::string_view::npos) return wrong;
    const auto whole = [](std::string_view part) {
        int value = -1;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        return error == std::errc() && end == part.data() + part.size() ? value : -1;
    };
    LoraParams params = base;
    params.spreading_factor = whole(text.substr(2, slash - 2));
    const int khz = whole(text.substr(slash + 1));
    if (params.spreading_factor < 7 || params.spreading_factor > 12) return wrong;
    if (khz != 125 && khz != 250 && khz != 500) return wrong;
    params.bandwidth_hz = khz * 1000;
    return params;
}

SpeedChoice::SpeedChoice(const LoraParams& base, std::span<const LoraParams> speeds)
    : pause_(kFirstPause) {
    for (const LoraParams& params : speeds) {
        if (cost(params) < cost(base))
            speeds_.push_back({number_of(params.spreading_factor, params.bandwidth_hz), params});
    }
    std::sort(speeds_.begin(), speeds_.end(),
              [](const Speed& a, const Speed& b) { return cost(a.params) > cost(b.params); });
    speeds_.insert(speeds_.begin(), {0, base});
}

std::vector<SpeedNumber> SpeedChoice::numbers() const {
    std::vector<SpeedNumber> numbers;
    for (const Speed& speed : speeds_)
        if (speed.number != 0) numbers.push_back(speed.number);
    return numbers;
}

const LoraParams& SpeedChoice::params(SpeedNumber number) const {
    for (const Speed& speed : speeds_)
        if (speed.number == number) return speed.params;
    return speeds_.front().params;
}

void SpeedChoice::now_at(SpeedNumber speed, const LinkHealth& health, BoxTime now) {
    if (speed == at_) return;
    // Back at the base for want of anything to say is no failure.
    const bool failed = health.loss > kLossToStay || health.heard - heard_ < kFewestToProve ||
                        health.silences - silences_ >= kSilences;
    if (speed == 0 && failed && !proposed_base_) {
        if (now - since_ >= kProven) pause_ = kFirstPause;
        not_before_ = now + pause_;
        pause_ = std::min(pause_ * 2, kLastPause);
    }
    at_ = speed;
    since_ = now;
    heard_ = health.heard;
    silences_ = health.silences;
    proposed_base_ = false;
}

// At another speed, by what is measured at this one: twice the bandwidth hears 3 dB more noise.
double SpeedChoice::margin(const LoraParams& at, const LinkHealth& health) const {
    const double worse = std::min(*health.our_snr_db, *health.their_snr_db);
    const double noise = 10 * std::log10(static_cast<double>(at.bandwidth_hz) /
                                         static_cast<double>(params(at_).bandwidth_hz));
    return worse - noise - floor_of(at.spreading_factor);
}

const SpeedChoice::Speed* SpeedChoice::fastest(const LinkHealth& health) const {
    const Speed* best = nullptr;
    for (const Speed& speed : speeds_)
        if (margin(speed.params, health) >= kGo) best = &speed;
    return best;
}

std::optional<SpeedNumber> SpeedChoice::next(const LinkHealth& health, BoxTime now) {
    if (speeds_.size() == 1 || !health.our_snr_db || !health.their_snr_db) return std::nullopt;
    if (now - since_ < kSettle || health.heard - heard_ < kFewest) return std::nullopt;
    std::optional<SpeedNumber> wanted;
    if (at_ != 0 && (health.loss > kLossToStay || margin(params(at_), health) < kStay)) {
        wanted = 0;
        proposed_base_ = true;
        not_before_ = now + pause_;
        pause_ = std::min(pause_ * 2, kLastPause);
    } else if (now >= not_before_ && health.loss < kLossToGo) {
        const Speed* best = fastest(health);
        if (best != nullptr && cost(best->params) < cost(params(at_))) wanted = best->number;
    }
    if (!wanted) return std::nullopt;
    since_ = now;  // not asked again at once
    heard_ = health.heard;
    silences_ = health.silences;
    return wanted;
}

}  // namespace waypost::trunk
