// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/lora_modem/rylr998_device.h"

#include <algorithm>
#include <functional>
#include <sstream>

#include "radio/simulator/lora_modem/air_crc.h"

namespace waypost::simulator {
namespace {

constexpr std::size_t kHeader = 8;  // of the module's own on air: to, from, and what is not known
constexpr std::size_t kMostData = 240;
constexpr std::size_t kMostTyped = 400;
constexpr std::string_view kSend = "AT+SEND=";

bool within(const std::string& text, long least, long most) {
    const bool digits = !text.empty() && text.size() < 10 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits && std::stol(text) >= least && std::stol(text) <= most;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
}

std::string two_bytes(int value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value & 255)};
}

int two_bytes(const std::string& text, std::size_t at) {
    return static_cast<unsigned char>(text[at]) << 8 | static_cast<unsigned char>(text[at + 1]);
}

}  // namespace

Rylr998Device::Rylr998Device(FrameAir& air, Random&, Rylr998Options options)
    : ModemDevice(115'200),
      air_(air),
      options_(std::move(options)),
      station_(air.attach([this](const AirFrame& frame) { hear(frame); })),
      settings_{{"MODE", "0"},     {"BAND", "915000000"},     {"NETWORKID", "18"},
                {"ADDRESS", "0"},  {"PARAMETER", "9,7,1,12"}, {"CRFOP", "22"},
                {"IPR", "115200"}, {"VER", options_.version}, {"UID", "0014003104691F6900001B06"}} {
    tune();
}

void Rylr998Device::step(BoxTime now) {
    typed_ += in_.take(now);
    while (take_command(now)) {
    }
    if (typed_.size() > kMostTyped) typed_.clear();
    if (!sending_ || now < sent_at_) return;
    sending_ = false;
    if (!options_.early_ok) answer("+OK", now);
}

// Data of AT+SEND are counted where the firmware is binary safe; all else are lines.
bool Rylr998Device::take_command(BoxTime now) {
    std::size_t end = typed_.find('\n');
    if (options_.binary_safe && typed_.compare(0, kSend.size(), kSend) == 0) {
        const auto first = typed_.find(',');
        const auto second = first == std::string::npos ? first : typed_.find(',', first + 1);
        if (second == std::string::npos && end == std::string::npos) return false;
        if (second < end) {
            const std::string size = typed_.substr(first + 1, second - first - 1);
            if (within(size, 0, kMostData)) end = typed_.find('\n', second + 1 + std::stoul(size));
        }
    }
    if (end == std::string::npos) return false;
    std::string line = typed_.substr(0, end);
    typed_.erase(0, end + 1);
    if (line.empty() || line.back() != '\r') {
        fail(1, now);
        return true;
    }
    line.pop_back();
    command(line, now);
    return true;
}

void Rylr998Device::command(const std::string& line, BoxTime now) {
    if (line.rfind("AT", 0) != 0) return fail(2, now);
    if (line == "AT") return answer("+OK", now);
    if (line == "AT+RESET") {
        answer("+RESET", now);
        return reset(now);
    }
    if (line.rfind(kSend, 0) == 0) return send(line.substr(kSend.size()), now);
    if (line.rfind("AT+", 0) != 0) return fail(4, now);
    const std::string rest = line.substr(3);
    const auto equals = rest.find('=');
    if (equals != std::string::npos)
        return set(rest.substr(0, equals), rest.substr(equals + 1), now);
    const auto known = settings_.find(rest.substr(0, rest.size() - 1));
    if (rest.empty() || rest.back() != '?' || known == settings_.end()) return fail(4, now);
    answer('+' + known->first + '=' + known->second, now);
}

bool Rylr998Device::allowed(const std::string& name, const std::string& value) const {
    if (name == "MODE") return value == "0" || value == "1";
    if (name == "BAND") return within(value, 410'000'000, 960'000'000);
    if (name == "NETWORKID") return within(value, 3, 15) || value == "18";
    if (name == "ADDRESS") return within(value, 0, 65'535);
    if (name == "CRFOP") return within(value, 0, 22);
    const auto parts = split(value);
    if (name != "PARAMETER" || parts.size() != 4 || !within(parts[1], 7, 9)) return false;
    const int most = parts[1] == "7" ? 9 : parts[1] == "8" ? 10 : 11;
    return within(parts[0], 5, most) && within(parts[2], 1, 4) && within(parts[3], 4, 24);
}

void Rylr998Device::set(const std::string& name, const std::string& value, BoxTime now) {
    if (!allowed(name, value)) return fail(4, now);
    const bool fixed = settings_.at("NETWORKID") != "18";
    if (name == "PARAMETER" && fixed && split(value)[3] != "12") return fail(18, now);
    settings_[name] = value;
    ++writes_;
    tune();
    answer("+OK", now);
}

void Rylr998Device::send(const std::string& rest, BoxTime now) {
    const auto first = rest.find(',');
    const auto second = first == std::string::npos ? first : rest.find(',', first + 1);
    if (second == std::string::npos) return fail(4, now);
    const std::string to = rest.substr(0, first);
    const std::string size = rest.substr(first + 1, second - first - 1);
    std::string data = rest.substr(second + 1);
    if (!options_.binary_safe) data.resize(std::min(data.size(), data.find('\0')));
    if (!within(to, 0, 65'535) || !within(size, 0, 999)) return fail(4, now);
    if (std::stoul(size) > kMostData) return fail(13, now);
    if (std::stoul(size) != data.size()) return fail(5, now);
    if (sending_) return fail(17, now);
    transmit(std::stoi(to), data, now);
}

void Rylr998Device::transmit(int to, const std::string& data, BoxTime now) {
    std::string packet = two_bytes(to) + two_bytes(std::stoi(settings_["ADDRESS"]));
    packet.resize(kHeader, '\0');
    packet += data;
    sending_ = true;
    const auto airtime = time_on_air(params(), packet.size());
    sent_at_ = air_.transmit(station_, with_crc(std::move(packet)), airtime, now);
    if (options_.early_ok) answer("+OK", now);
}

void Rylr998Device::hear(const AirFrame& frame) {
    if (frame.bytes.size() < kHeader + 2) return;
    const auto packet = without_crc(frame.bytes);
    if (!packet) return fail(12, frame.at);
    const int to = two_bytes(*packet, 0);
    if (to != 0 && to != std::stoi(settings_["ADDRESS"])) return;
    std::string data = packet->substr(kHeader);
    const std::string start =
        "+RCV=" + std::to_string(two_bytes(*packet, 2)) + ',' + std::to_string(data.size());
    if (!options_.binary_safe) data.resize(std::min(data.size(), data.find('\0')));
    answer(start + ',' + data + ',' + std::to_string(frame.rssi_dbm) + ',' +
               std::to_string(static_cast<int>(frame.snr_db)),
           frame.at);
}

void Rylr998Device::answer(const std::string& line, BoxTime now) {
    say(line + "\r\n", now + options_.thinking);
}

LoraParams Rylr998Device::params() const {
    const auto parts = split(settings_.at("PARAMETER"));
    LoraParams lora;
    lora.spreading_factor = std::stoi(parts[0]);
    lora.bandwidth_hz = 125'000 << (std::stoi(parts[1]) - 7);
    lora.coding_rate = std::stoi(parts[2]) + 4;
    lora.preamble_symbols = std::stoi(parts[3]);
    return lora;
}

void Rylr998Device::tune() {
    const auto parts = split(settings_["PARAMETER"]);
    const std::string all = settings_["BAND"] + ',' + settings_["NETWORKID"] + ',' + parts[0] +
                            ',' + parts[1] + ',' + settings_["MODE"];
    air_.tune(station_, static_cast<std::uint32_t>(std::hash<std::string>()(all)));
}

void Rylr998Device::reset(BoxTime now) {
    sending_ = false;
    typed_.clear();
    out_.clear();
    answer("+READY", now);
}

}  // namespace waypost::simulator
