// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/rn2483_device.h"

#include <functional>
#include <utility>

#include "radio/simulator/lora_modem/air_crc.h"

namespace waypost::simulator {
namespace {

constexpr char kDigits[] = "0123456789ABCDEF";
constexpr std::size_t kMostLine = 600;

}  // namespace

Rn2483Device::Rn2483Device(FrameAir& air, Random& random, Rn2483Options options)
    : ModemDevice(57'600),
      air_(air),
      random_(random),
      options_(std::move(options)),
      station_(air.attach([this](const AirFrame& frame) { hear(frame); })) {
    defaults();
    tune();
}

void Rn2483Device::step(BoxTime now) {
    for (const char byte : in_.take(now)) {
        if (byte == '\n') {
            if (!line_.empty() && line_.back() == '\r') line_.pop_back();
            command(std::exchange(line_, {}), now);
        } else if (line_.size() < kMostLine) {
            line_ += byte;
        }
    }
    if (state_ == State::Sending && now >= sent_at_) {
        state_ = State::Idle;
        answer("radio_tx_ok", now);
    }
    watchdog(now);
}

void Rn2483Device::watchdog(BoxTime now) {
    const milliseconds limit(std::stoll(settings_["wdt"]));
    if (state_ == State::Idle || limit.count() == 0) return;
    if (now - (state_ == State::Listening ? since_ : began_) < limit) return;
    state_ = State::Idle;
    answer("radio_err", now);
}

void Rn2483Device::answer(const std::string& line, BoxTime now) {
    const BoxTime then = now + options_.thinking;
    const bool stray = line == "ok" && random_.below(100) < options_.stray_percent;
    say((stray ? "radio_err\r\n" : "") + line + "\r\n", then);
}

void Rn2483Device::hear(const AirFrame& frame) {
    if (frame.bytes.size() < 2) return;
    const BoxTime began =
        frame.at - std::chrono::ceil<milliseconds>(time_on_air(params(), frame.bytes.size() - 2));
    if (state_ != State::Listening || since_ > began) {
        ++missed_;
        return;
    }
    state_ = State::Idle;
    snr_ = static_cast<int>(frame.snr_db);
    rssi_ = frame.rssi_dbm;
    const auto packet = without_crc(frame.bytes);
    if (!packet) return answer("radio_err", frame.at);
    std::string hex;
    for (const char c : *packet) {
        const auto byte = static_cast<unsigned char>(c);
        hex += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    answer("radio_rx  " + hex, frame.at);
}

LoraParams Rn2483Device::params() const {
    LoraParams lora;
    lora.spreading_factor = std::stoi(settings_.at("sf").substr(2));
    lora.bandwidth_hz = std::stoi(settings_.at("bw")) * 1000;
    lora.coding_rate = settings_.at("cr").back() - '0';
    lora.preamble_symbols = std::stoi(settings_.at("prlen"));
    lora.crc = settings_.at("crc") == "on";
    return lora;
}

void Rn2483Device::tune() {
    const std::string all = settings_["freq"] + settings_["sf"] + settings_["bw"] +
                            settings_["sync"] + settings_["iqi"] + settings_["mod"];
    air_.tune(station_, static_cast<std::uint32_t>(std::hash<std::string>()(all)));
}

void Rn2483Device::reset(BoxTime now) {
    state_ = State::Idle;
    paused_ = false;
    line_.clear();
    out_.clear();
    defaults();
    tune();
    answer(options_.version, now);
}

}  // namespace waypost::simulator
