// SPDX-License-Identifier: Apache-2.0
// The host's half without frames: "+++" and its silences, AT lines, the transparent pipe; and the
// parameters, which frames set as well.
#include <algorithm>
#include <utility>

#include "radio/simulator/xbee/xbee_bytes.h"
#include "radio/simulator/xbee/xbee_module.h"

namespace waypost::simulator {
namespace {

const std::set<std::string> kReadOnly = {"SH", "SL", "VR", "HV", "NP", "DB", "%H", "%8", "CK"};

std::string hex_without_zeros(const std::string& value) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char byte : value) {
        out += kDigits[static_cast<unsigned char>(byte) >> 4];
        out += kDigits[byte & 15];
    }
    out.erase(0, std::min(out.find_first_not_of('0'), out.size() - 1));
    return out;
}

// As typed: an odd number of digits as well.
std::string bytes_in_hex(std::string hex) {
    if (hex.size() % 2 != 0) hex.insert(0, 1, '0');
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        out += static_cast<char>(std::strtol(hex.substr(i, 2).c_str(), nullptr, 16));
    }
    return out;
}

}  // namespace

void XbeeModule::from_host(std::string_view bytes, BoxTime now) {
    for (const char byte : bytes) host_byte(byte, now);
}

void XbeeModule::host_byte(char byte, BoxTime now) {
    const bool silent_before = now - last_host_byte_ >= guard();
    last_host_byte_ = now;
    if (command_mode_) return command_byte(byte);
    command_ok_ = BoxTime::max();  // no silence
    const bool heeded = number("AP") == 0 || options_.command_mode_in_api;
    const bool escape = heeded && byte == '+' && (pluses_ > 0 || silent_before) && pluses_ < 3;
    if (escape) {
        if (++pluses_ == 3) command_ok_ = now + guard();
        if (number("AP") == 0) return;
    } else if (pluses_ > 0) {
        if (number("AP") == 0) pipe_.append(static_cast<std::size_t>(pluses_), '+');
        pluses_ = 0;
    }
    if (number("AP") == 0)
        pipe_ += byte;
    else
        api_byte(byte, now);
}

void XbeeModule::command_byte(char byte) {
    if (byte != '\r') {
        if (line_.size() < 100) line_ += byte;
        return;
    }
    command_line(std::exchange(line_, {}));
}

void XbeeModule::command_line(const std::string& line) {
    if (line == "AT") {
        out_ += "OK\r";
        return;
    }
    if (line.size() < 4 || (line.substr(0, 2) != "AT" && line.substr(0, 2) != "at")) {
        out_ += "ERROR\r";
        return;
    }
    const std::string name = line.substr(2, 2);
    if (name == "CN") {
        command_mode_ = false;
        out_ += "OK\r";
        return;
    }
    const std::string typed = line.substr(4);
    std::uint8_t status = 0;
    const auto answer = at(name, name == "NI" ? typed : bytes_in_hex(typed), status);
    if (status != 0)
        out_ += "ERROR\r";
    else if (!answer)
        out_ += "OK\r";
    else
        out_ += (name == "NI" ? *answer : hex_without_zeros(*answer)) + "\r";
}

// A value: it was asked for one. None: set, or done.
std::optional<std::string> XbeeModule::at(const std::string& name, const std::string& value,
                                          std::uint8_t& status) {
    status = 0;
    if (name == "WR") {
        flash_ = live_;
        ++flash_writes_;
        return std::nullopt;
    }
    if (name == "AC") return std::nullopt;
    if (name == "KY") {  // can be written, never read
        if (!value.empty()) keys_.push_back(value);
        return std::nullopt;
    }
    if (name == "CK") {
        std::uint64_t sum = 0;
        for (const auto& [each, held] : live_) {
            if (each != "DB") sum = sum * 31 + number_in(held);
        }
        return bytes_of(sum & 0xFFFF, 2);
    }
    if (live_.count(name) == 0) {
        status = 2;
        return std::nullopt;
    }
    if (value.empty()) return live_[name];
    const bool bad = name == "AP" && (value.size() != 1 || value[0] < 0 || value[0] > 2);
    if (kReadOnly.count(name) != 0 || bad) {
        status = bad ? 3 : 1;
        return std::nullopt;
    }
    if (trouble_.not_kept.count(name) == 0) live_[name] = value;
    if (name == "ID") air_.tune(station_, static_cast<std::uint32_t>(number("ID")));
    return std::nullopt;
}

// What came is one packet once the host was silent for RO characters, or it is NP bytes.
void XbeeModule::send_pipe(BoxTime now) {
    const auto most = static_cast<std::size_t>(number("NP"));
    const bool silent = now >= last_host_byte_ + milliseconds(number("RO") + 1);
    while (!pipe_.empty() && (silent || pipe_.size() >= most)) {
        const std::uint64_t to = number("DH") << 32 | number("DL");
        submit({0, to, 0, false, pipe_.substr(0, most), 0, 0}, now);
        pipe_.erase(0, most);
    }
}

}  // namespace waypost::simulator
