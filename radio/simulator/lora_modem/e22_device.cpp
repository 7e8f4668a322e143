// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/e22_device.h"

#include <algorithm>
#include <utility>

#include "radio/simulator/lora_modem/air_crc.h"

namespace waypost::simulator {
namespace {

constexpr int kBauds[] = {1'200, 2'400, 4'800, 9'600, 19'200, 38'400, 57'600, 115'200};
constexpr int kRates[] = {300, 1'200, 2'400, 4'800, 9'600, 19'200, 38'400, 62'500};
constexpr std::size_t kSubPackets[] = {240, 128, 64, 32};
constexpr milliseconds kTurn{5};
constexpr milliseconds kPatience{100};  // for the rest of a command
const std::string kRefused = "\xFF\xFF\xFF";
const std::string kSwitch = "\xC0\xC1\xC2\xC3\x02";

std::uint8_t byte_at(const std::string& text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

}  // namespace

E22Device::E22Device(FrameAir& air, Random& random, E22Options options)
    : ModemDevice(9'600),
      air_(air),
      random_(random),
      options_(options),
      station_(air.attach([this](const AirFrame& frame) { hear(frame); })),
      configuring_(options.configuration) {
    apply();
}

void E22Device::step(BoxTime now) {
    const std::string bytes = in_.take(now);
    if (!bytes.empty()) last_byte_ = now;
    if (configuring_) {
        typed_ += bytes;
        return configure(now);
    }
    typed_ = (typed_ + bytes).substr(0, 16);
    if (switch_command(now)) return;
    pipe(bytes, now);
}

void E22Device::configure(BoxTime now) {
    while (!typed_.empty() && take_command(now)) {
    }
    if (typed_.empty() || now - last_byte_ < kPatience) return;
    typed_.clear();
    say(kRefused, now + kTurn);
}

// C0 and C2 START LENGTH bytes, C1 START LENGTH; false: more is to come.
bool E22Device::take_command(BoxTime now) {
    if (switch_command(now)) return false;
    if (typed_.size() < 3) return false;
    const std::uint8_t head = byte_at(typed_, 0);
    const std::size_t start = byte_at(typed_, 1);
    const std::size_t length = byte_at(typed_, 2);
    const bool writes = head == 0xC0 || head == 0xC2;
    const bool could_switch = typed_.size() < 6 && kSwitch.compare(0, typed_.size(), typed_) == 0;
    if (could_switch) return false;
    if (options_.deaf_registers || (!writes && head != 0xC1) || length == 0 ||
        start + length > registers_.size()) {
        typed_.clear();
        say(kRefused, now + kTurn);
        return true;
    }
    const std::size_t size = 3 + (writes ? length : 0);
    if (typed_.size() < size) return false;
    const std::string command = typed_.substr(0, size);
    typed_.erase(0, size);
    if (writes) write(command);
    std::string answer{'\xC1', command[1], command[2]};
    for (std::size_t i = start; i < start + length; ++i)
        answer += static_cast<char>(i < 7 ? registers_[i] : 0);  // the key is never read
    say(answer, now + kTurn);
    return true;
}

void E22Device::write(const std::string& command) {
    for (std::size_t i = 3; i < command.size(); ++i)
        registers_[byte_at(command, 1) + i - 3] = byte_at(command, i);
    if (!options_.software_switch) registers_[4] &= static_cast<std::uint8_t>(~0x04);
    if (byte_at(command, 0) == 0xC0) kept_ = registers_;
    apply();
}

bool E22Device::switch_command(BoxTime now) {
    const auto at = typed_.find(kSwitch);
    const bool may = options_.software_switch && (registers_[4] & 0x04) != 0;
    if (!may || at == std::string::npos || typed_.size() < at + 6) return false;
    const char mode = typed_[at + 5];
    typed_.clear();
    waiting_.clear();
    say(kSwitch.substr(1) + mode, now + kTurn);
    configuring_ = mode == 1;
    apply();
    return true;
}

void E22Device::pipe(const std::string& bytes, BoxTime now) {
    if (waiting_.empty() && !bytes.empty() && random_.below(100) < options_.stutter_percent)
        tear_at_ = 1 + random_.below(20);
    waiting_ += bytes;
    const bool silent = now - last_byte_ >= milliseconds(3);
    if (waiting_.empty() || now < sent_at_) return;
    if (silent || waiting_.size() >= sub_packet()) transmit(now);
}

void E22Device::transmit(BoxTime now) {
    std::size_t size = std::min(waiting_.size(), sub_packet());
    if (tear_at_ != 0) size = std::min(size, std::exchange(tear_at_, 0));
    const std::string packet = waiting_.substr(0, size);
    waiting_.erase(0, size);
    sent_at_ = air_.transmit(station_, with_crc(packet), airtime(size), now);
    ++packets_;
}

microseconds E22Device::airtime(std::size_t bytes) const {
    return milliseconds(10) + microseconds(static_cast<std::int64_t>(bytes + 8) * 8'000'000 /
                                           kRates[registers_[3] & 7]);
}

void E22Device::hear(const AirFrame& frame) {
    const auto packet = without_crc(frame.bytes);
    if (configuring_ || !packet) return;
    const bool rssi = (registers_[6] & 0x80) != 0;
    say(*packet + (rssi ? std::string(1, static_cast<char>(256 + frame.rssi_dbm)) : ""), frame.at);
}

std::size_t E22Device::sub_packet() const { return kSubPackets[registers_[4] >> 6]; }

void E22Device::apply() {
    air_.tune(station_, static_cast<std::uint32_t>(registers_[5] << 16 | registers_[2] << 8 |
                                                   (registers_[3] & 7)));
    const int baud = configuring_ ? 9'600 : kBauds[registers_[3] >> 5];
    in_.set_baud(baud);
    out_.set_baud(baud);
}

void E22Device::set_switch(bool configuration) {
    configuring_ = configuration;
    typed_.clear();
    apply();
}

void E22Device::power_off() {
    registers_ = kept_;
    apply();
}

}  // namespace waypost::simulator
