// SPDX-License-Identifier: Apache-2.0
// What each command does. Settings are text as the module says it; what is out of range is
// `invalid_param`.
#include <algorithm>
#include <set>

#include "radio/simulator/lora_modem/air_crc.h"
#include "radio/simulator/lora_modem/rn2483_device.h"

namespace waypost::simulator {
namespace {

using Words = std::set<std::string>;

bool digits(const std::string& text) {
    return !text.empty() && text.size() < 10 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool within(const std::string& text, long least, long most) {
    const std::string number = !text.empty() && text[0] == '-' ? text.substr(1) : text;
    if (!digits(number)) return false;
    const long value = std::stol(text);
    return value >= least && value <= most;
}

int nibble(char c) {
    const std::string all = "0123456789ABCDEF";
    const auto at = all.find(static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c));
    return at == std::string::npos ? -1 : static_cast<int>(at);
}

bool bytes_of(const std::string& hex, std::string& bytes) {
    if (hex.empty() || hex.size() % 2 != 0 || hex.size() > 510) return false;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = nibble(hex[i]);
        const int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) return false;
        bytes += static_cast<char>(high * 16 + low);
    }
    return true;
}

bool allowed(const std::string& name, const std::string& value, bool us) {
    static const std::map<std::string, Words> kWords = {
        {"mod", {"lora", "fsk"}},      {"sf", {"sf7", "sf8", "sf9", "sf10", "sf11", "sf12"}},
        {"bw", {"125", "250", "500"}}, {"cr", {"4/5", "4/6", "4/7", "4/8"}},
        {"crc", {"on", "off"}},        {"iqi", {"on", "off"}},
    };
    if (const auto known = kWords.find(name); known != kWords.end())
        return known->second.count(value) != 0;
    if (name == "freq") {
        return us ? within(value, 902'000'000, 928'000'000)
                  : within(value, 433'050'000, 434'790'000) ||
                        within(value, 863'000'000, 870'000'000);
    }
    if (name == "pwr") return us ? within(value, 2, 20) : within(value, -3, 15);
    if (name == "prlen") return within(value, 0, 65'535);
    if (name == "wdt") return within(value, 0, 999'999'999);
    std::string sync;
    return name == "sync" && value.size() == 2 && bytes_of(value, sync);
}

bool starts(const std::string& line, const std::string& with) { return line.rfind(with, 0) == 0; }

}  // namespace

void Rn2483Device::defaults() {
    settings_ = {{"mod", "lora"},
                 {"freq", us() ? "923300000" : "868100000"},
                 {"pwr", us() ? "2" : "1"},
                 {"sf", "sf12"},
                 {"bw", "125"},
                 {"cr", "4/5"},
                 {"prlen", "8"},
                 {"crc", "on"},
                 {"iqi", "off"},
                 {"sync", "34"},
                 {"wdt", "15000"}};
}

void Rn2483Device::command(const std::string& line, BoxTime now) {
    if (line == "sys get ver") return answer(options_.version, now);
    if (line == "sys reset") return reset(now);
    if (starts(line, "mac ")) return mac(line.substr(4), now);
    if (line == "radio rxstop" && options_.has_rxstop) {
        if (state_ == State::Listening) state_ = State::Idle;
        return answer(state_ == State::Idle ? "ok" : "busy", now);
    }
    if (starts(line, "radio set ")) return radio_set(line.substr(10), now);
    if (starts(line, "radio get ")) return radio_get(line.substr(10), now);
    if (starts(line, "radio rx ")) return radio_rx(line.substr(9), now);
    if (starts(line, "radio tx ")) return radio_tx(line.substr(9), now);
    answer("invalid_param", now);
}

void Rn2483Device::mac(const std::string& rest, BoxTime now) {
    const bool reset_word = us() ? rest == "reset" : rest == "reset 868" || rest == "reset 433";
    if (reset_word) {
        state_ = State::Idle;
        paused_ = false;
        defaults();
        if (rest == "reset 433") settings_["freq"] = "434800000";
        tune();
        return answer("ok", now);
    }
    if (rest == "pause") {
        paused_ = true;
        return answer("4294967245", now);
    }
    paused_ = rest == "resume" ? false : paused_;
    answer(rest == "resume" ? "ok" : "invalid_param", now);
}

void Rn2483Device::radio_set(const std::string& rest, BoxTime now) {
    const auto space = rest.find(' ');
    const std::string name = rest.substr(0, space);
    const std::string value = space == std::string::npos ? "" : rest.substr(space + 1);
    if (!allowed(name, value, us())) return answer("invalid_param", now);
    if (state_ != State::Idle) return answer("busy", now);
    settings_[name] = value;
    tune();
    answer("ok", now);
}

void Rn2483Device::radio_get(const std::string& name, BoxTime now) {
    if (state_ != State::Idle) return answer("busy", now);
    if (name == "snr") return answer(std::to_string(snr_), now);
    if (name == "rssi") return answer(std::to_string(rssi_), now);
    const auto known = settings_.find(name);
    answer(known == settings_.end() ? "invalid_param" : known->second, now);
}

void Rn2483Device::radio_rx(const std::string& symbols, BoxTime now) {
    if (!within(symbols, 0, 65'535)) return answer("invalid_param", now);
    if (!paused_ || state_ != State::Idle) return answer("busy", now);
    state_ = State::Listening;
    since_ = now;
    answer("ok", now);
}

void Rn2483Device::radio_tx(const std::string& hex, BoxTime now) {
    std::string bytes;
    if (!bytes_of(hex, bytes)) return answer("invalid_param", now);
    const bool refused = random_.below(100) < options_.busy_percent;
    if (!paused_ || state_ != State::Idle || refused) return answer("busy", now);
    state_ = State::Sending;
    began_ = now;
    const auto airtime = time_on_air(params(), bytes.size());
    sent_at_ = air_.transmit(station_, with_crc(std::move(bytes)), airtime, now);
    answer("ok", now);
}

}  // namespace waypost::simulator
