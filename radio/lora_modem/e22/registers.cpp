// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/e22/registers.h"

#include <algorithm>

#include "radio/lora_modem/lora_settings.h"

namespace waypost::e22 {
namespace {

using namespace std::string_view_literals;
using lora_modem::refuse;

constexpr std::size_t kMostBuffered = 64;
constexpr std::string_view kRead = "\xC1\x00\x07"sv;
constexpr std::string_view kWriteAndKeep = "\xC0\x00\x07"sv;
constexpr std::string_view kWrite = "\xC2\x00\x07"sv;
constexpr std::string_view kRefused = "\xFF\xFF\xFF"sv;
constexpr std::string_view kSwitch = "\xC0\xC1\xC2\xC3\x02"sv;

constexpr std::uint8_t kRssiByte = 0x80;        // REG3
constexpr std::uint8_t kKeptOfReg3 = 0x1F;      // listen before talk, wake on radio
constexpr std::uint8_t kSoftwareSwitch = 0x04;  // REG1
constexpr std::uint8_t kKeptOfReg1 = 0x38;      // noise RSSI, reserved

constexpr std::pair<std::string_view, int> kRatesByCode[] = {
    {"0.3", 300},   {"1.2", 1'200},   {"2.4", 2'400},   {"4.8", 4'800},
    {"9.6", 9'600}, {"19.2", 19'200}, {"38.4", 38'400}, {"62.5", 62'500}};
constexpr int kBaudsByCode[] = {1'200, 2'400, 4'800, 9'600, 19'200, 38'400, 57'600, 115'200};

std::uint8_t channel_of(std::uint32_t hz) {
    constexpr std::uint32_t kStep = 1'000'000;
    const bool low = hz < 600'000'000;
    const std::uint32_t base = low ? 410'125'000 : 850'125'000;
    const std::uint32_t most = low ? 83 : 80;
    const std::uint32_t channel = hz < base ? 0 : std::min((hz - base + kStep / 2) / kStep, most);
    const std::uint32_t nearest = base + channel * kStep;
    if (nearest != hz) {
        refuse("an E22 has a channel each MHz; the one next to " + std::to_string(hz) + " Hz is " +
               std::to_string(nearest));
    }
    return static_cast<std::uint8_t>(channel);
}

}  // namespace

Wanted::Wanted(const ModemSettings& settings) {
    using namespace lora_modem;
    const auto rate =
        choice(settings, "air_rate", {"2.4", "0.3", "1.2", "4.8", "9.6", "19.2", "38.4", "62.5"});
    while (kRatesByCode[air_code].first != rate) ++air_code;
    bits_per_second = kRatesByCode[air_code].second;
    baud = number(settings, "baud", 1'200, 115'200, 9'600);
    baud_code = static_cast<std::uint8_t>(
        std::find(std::begin(kBaudsByCode), std::end(kBaudsByCode), baud) - kBaudsByCode);
    if (baud_code == std::size(kBaudsByCode)) refuse("an E22 has no baud " + std::to_string(baud));
    if (settings.frequency_hz != 0) channel = channel_of(settings.frequency_hz);
    require_range("the network", settings.network, 0, 255);
    net_id = static_cast<std::uint8_t>(settings.network);

    // The same codes mean more on modules with an amplifier.
    const bool strong = choice(settings, "power_steps", {"22", "30"}) == "30";
    const std::array<int, 4> steps =
        strong ? std::array{30, 27, 24, 21} : std::array{22, 17, 13, 10};
    const auto step = std::find_if(steps.begin(), steps.end(),
                                   [&](int dbm) { return dbm <= settings.power_dbm; });
    if (step == steps.end()) {
        refuse("the least power of this E22 is " + std::to_string(steps.back()) + " dBm, not " +
               std::to_string(settings.power_dbm));
    }
    power_dbm = *step;
    power_code = static_cast<std::uint8_t>(step - steps.begin());
}

Registers Wanted::over(const Registers& found) const {
    Registers all = found;
    all[kAddressHigh] = all[kAddressLow] = 0;
    if (net_id != 0) all[kNetId] = net_id;
    all[kReg0] = static_cast<std::uint8_t>(baud_code << 5 | air_code);
    all[kReg1] =
        static_cast<std::uint8_t>((found[kReg1] & kKeptOfReg1) | kSoftwareSwitch | power_code);
    if (channel) all[kChannel] = *channel;
    all[kReg3] = static_cast<std::uint8_t>(kRssiByte | (found[kReg3] & kKeptOfReg3));
    return all;
}

bool Wanted::same(const Registers& one, const Registers& other) {
    Registers a = one;
    Registers b = other;
    a[kReg1] &= static_cast<std::uint8_t>(~kSoftwareSwitch);
    b[kReg1] &= static_cast<std::uint8_t>(~kSoftwareSwitch);
    return a == b;
}

std::string read_registers() { return std::string(kRead); }

std::string write_registers(const Registers& registers, bool keep) {
    std::string out(keep ? kWriteAndKeep : kWrite);
    for (const std::uint8_t value : registers) out += static_cast<char>(value);
    return out;
}

std::string switch_mode(Mode mode) { return std::string(kSwitch) + static_cast<char>(mode); }

void ConfigurationReader::feed(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() > kMostBuffered) buffer_.erase(0, buffer_.size() - kMostBuffered);
}

std::optional<Registers> ConfigurationReader::registers() const {
    const std::size_t at = buffer_.find(kRead);
    if (at == std::string::npos || buffer_.size() < at + kRead.size() + kRegisters)
        return std::nullopt;
    Registers all{};
    for (std::size_t i = 0; i < kRegisters; ++i)
        all[i] = static_cast<std::uint8_t>(buffer_[at + kRead.size() + i]);
    return all;
}

bool ConfigurationReader::refused() const { return buffer_.find(kRefused) != std::string::npos; }

bool ConfigurationReader::switched(Mode mode) const {
    return buffer_.find(switch_mode(mode).substr(1)) != std::string::npos;
}

}  // namespace waypost::e22
