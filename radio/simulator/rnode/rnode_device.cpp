// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/rnode/rnode_device.h"

#include <algorithm>
#include <cmath>

namespace waypost::simulator {
namespace {

using namespace rnode;

constexpr char kSplit = 1;
constexpr milliseconds kSlot{24};

char header_of(const std::string& part) { return part[0]; }

}  // namespace

RnodeDevice::RnodeDevice(FrameAir& air, Random& random, RnodeOptions options)
    : air_(air),
      random_(random),
      options_(options),
      station_(air.attach([this](const AirFrame& frame) { hear(frame); })) {}

void RnodeDevice::say(Command command, std::string data, BoxTime now) {
    if (options_.mute) return;
    const std::string bytes = rnode::command(command, std::move(data));
    out_.emplace_back(now + options_.thinking, options_.says_twice ? bytes + bytes : bytes);
}

std::string RnodeDevice::to_host(BoxTime now) {
    std::string bytes;
    while (!out_.empty() && out_.front().first <= now) {
        bytes += out_.front().second;
        out_.pop_front();
    }
    return bytes;
}

void RnodeDevice::from_host(std::string_view bytes, BoxTime now) {
    for (const kiss::Frame& frame : parser_.feed(bytes)) take(frame, now);
}

std::uint32_t RnodeDevice::setting(Command command) const {
    const auto found = settings_.find(command);
    return found == settings_.end() ? 0 : found->second;
}

void RnodeDevice::take(const kiss::Frame& frame, BoxTime now) {
    const std::string& data = frame.data;
    switch (frame.type) {
        case kData:
            return queue(data, now);
        case kFrequency:
            // The synthesiser's steps are 61.035 Hz.
            if (const auto hz = number(data, 4))
                set(kFrequency, static_cast<std::uint32_t>(std::floor(*hz / 61.035) * 61.035), 4,
                    now);
            return;
        case kBandwidth:
            return set(kBandwidth, number(data, 4).value_or(0), 4, now);
        case kTxPower:
            return set(kTxPower, std::min(number(data, 1).value_or(0), options_.most_power_dbm), 1,
                       now);
        case kSpreadingFactor:
            return set(kSpreadingFactor, number(data, 1).value_or(0), 1, now);
        case kCodingRate:
            return set(kCodingRate, number(data, 1).value_or(0), 1, now);
        case kShortAirtime:
            return set(kShortAirtime, number(data, 2).value_or(0), 2, now);
        case kLongAirtime:
            return set(kLongAirtime, number(data, 2).value_or(0), 2, now);
        case kRadioState:
            if (data == "\x01") turn_on(now);
            return say(kRadioState, {static_cast<char>(on_ ? 1 : 0)}, now);
        case kDetect:
            if (data == std::string(1, kDetectAsk)) say(kDetect, {kDetectAnswer}, now);
            return;
        case kFirmware:
            return say(kFirmware, big_endian(options_.firmware, 2), now);
        case kPlatform:
            return say(kPlatform, {'\x80'}, now);
        case kMcu:
            return say(kMcu, {'\x81'}, now);
        default:
            return;
    }
}

void RnodeDevice::set(Command command, std::uint32_t value, int bytes, BoxTime now) {
    settings_[command] = value;
    say(command, big_endian(value, bytes), now);
}

LoraParams RnodeDevice::lora() const {
    LoraParams p;
    p.bandwidth_hz = static_cast<int>(setting(kBandwidth));
    p.spreading_factor = static_cast<int>(setting(kSpreadingFactor));
    p.coding_rate = static_cast<int>(setting(kCodingRate));
    const double symbol = std::ldexp(1.0, p.spreading_factor) / p.bandwidth_hz;
    p.preamble_symbols = std::max(18, static_cast<int>(std::ceil(0.024 / symbol)));
    return p;
}

void RnodeDevice::turn_on(BoxTime now) {
    on_ = setting(kFrequency) > 0 && setting(kBandwidth) > 0 && setting(kSpreadingFactor) > 0 &&
          setting(kCodingRate) > 0;
    if (!on_) return say(kError, {static_cast<char>(kRadioDoesNotStart)}, now);
    air_.tune(station_, setting(kFrequency) + setting(kBandwidth) * 31 + setting(kSpreadingFactor));
    const LoraParams p = lora();
    const double symbol_ms = std::ldexp(1e3, p.spreading_factor) / p.bandwidth_hz;
    say(kPhy,
        big_endian(static_cast<std::uint32_t>(symbol_ms * 1000), 2) +
            big_endian(static_cast<std::uint32_t>(1000 / symbol_ms), 2) +
            big_endian(static_cast<std::uint32_t>(p.preamble_symbols), 2) +
            big_endian(static_cast<std::uint32_t>(p.preamble_symbols * symbol_ms), 2) +
            big_endian(24, 2) + big_endian(48, 2),
        now);
}

void RnodeDevice::reset(BoxTime now) {
    settings_.clear();
    queue_.clear();
    parts_.clear();
    out_.clear();
    on_ = on_air_ = false;
    wait_until_ = BoxTime::max();
    say(kReset, {kResetByte}, now);
}

void RnodeDevice::queue(const std::string& packet, BoxTime now) {
    if (!on_ || packet.empty() || packet.size() > kTwoFrames) return;
    if (queue_.size() + (parts_.empty() ? 0 : 1) >= options_.queue)
        return say(kError, {static_cast<char>(kQueueFull)}, now);
    queue_.push_back(packet);
    if (parts_.empty()) begin_sending(now);
}

// The firmware's own byte: a random sequence number in the high half, and whether there are two.
void RnodeDevice::begin_sending(BoxTime now) {
    if (queue_.empty()) return;
    const std::string packet = std::move(queue_.front());
    queue_.pop_front();
    const bool two = packet.size() > kOneFrame;
    const char head = static_cast<char>((random_.below(16) << 4) | (two ? kSplit : 0));
    parts_.push_back(head + packet.substr(0, kOneFrame));
    if (two) parts_.push_back(head + packet.substr(kOneFrame));
    wait_until_ = now;
    if (random_.below(100) >= options_.failing_percent) return;
    parts_.clear();
    say(kError, {static_cast<char>(kTxFailed)}, now);
}

bool RnodeDevice::within_limit(BoxTime now, milliseconds airtime) const {
    const std::uint32_t hundredths = setting(kLongAirtime);
    const milliseconds most(360 * static_cast<std::int64_t>(hundredths));
    return hundredths == 0 || record_.used(now) + airtime <= most;
}

void RnodeDevice::step(BoxTime now) {
    if (parts_.empty() || now < wait_until_) return;
    if (on_air_) return end_sending(now);
    const auto airtime = time_on_air(lora(), parts_.front().size());
    const auto cost = std::chrono::ceil<milliseconds>(airtime);
    if (air_.busy(station_, now) || !within_limit(now, cost)) {
        wait_until_ = now + kSlot;
        return;
    }
    record_.spend(now, cost);
    wait_until_ = air_.transmit(station_, parts_.front(), airtime, now);
    on_air_ = true;
}

void RnodeDevice::end_sending(BoxTime now) {
    on_air_ = false;
    parts_.pop_front();
    if (!parts_.empty()) return;
    if (options_.says_ready) say(kReady, {'\x01'}, now);
    begin_sending(now);
}

BoxTime RnodeDevice::next() const {
    const BoxTime out = out_.empty() ? BoxTime::max() : out_.front().first;
    return parts_.empty() ? out : std::min(out, wait_until_);
}

void RnodeDevice::hear(const AirFrame& frame) {
    if (!on_ || frame.bytes.empty()) return;
    std::string packet = frame.bytes.substr(1);
    if ((header_of(frame.bytes) & kSplit) != 0) {
        const bool second =
            !first_part_.empty() && header_of(first_part_) == header_of(frame.bytes);
        if (!second) {
            first_part_ = frame.bytes;
            return;
        }
        packet.insert(0, first_part_, 1);
        first_part_.clear();
    }
    say(kRssi, {static_cast<char>(frame.rssi_dbm + 157)}, frame.at);
    say(kSnr, {static_cast<char>(static_cast<int>(frame.snr_db * 4))}, frame.at);
    say(kData, packet, frame.at);
}

}  // namespace waypost::simulator
