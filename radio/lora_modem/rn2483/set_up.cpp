// SPDX-License-Identifier: Apache-2.0
// Every setting is set, and read back at once: a module that was reset in between, or an answer
// that came twice, is found out.
#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"
#include "radio/lora_modem/lora_settings.h"
#include "radio/lora_modem/rn2483/driver.h"

namespace waypost::rn2483 {
namespace {

using lora_modem::Question;
using lora_modem::Verdict;

constexpr milliseconds kIdentifyWait{800};
constexpr milliseconds kDownWait{30'000};
constexpr int kIdentifyTries = 4;

bool refusal(std::string_view line) { return line == "invalid_param" || line == "busy"; }

Question told(std::string command) {
    return {std::move(command), [](std::string_view line) {
                if (line == "ok") return Verdict::Answered;
                return refusal(line) ? Verdict::Refused : Verdict::NotMine;
            }};
}

// A number; 0 is a no (`mac pause`: for so many ms may the radio be used).
Question paused() {
    return {"mac pause", [](std::string_view line) {
                const bool digits =
                    !line.empty() && std::all_of(line.begin(), line.end(),
                                                 [](char c) { return c >= '0' && c <= '9'; });
                if (refusal(line) || line == "0") return Verdict::Refused;
                return digits ? Verdict::Answered : Verdict::NotMine;
            }};
}

Question reads(std::string name, std::string value) {
    return {"radio get " + name, [value = lower_ascii(value)](std::string_view line) {
                if (lower_ascii(line) == value) return Verdict::Answered;
                // The answer to a command before comes late or twice.
                return line == "ok" || line == "radio_err" ? Verdict::NotMine : Verdict::Refused;
            }};
}

bool in_433(std::uint32_t hz) { return hz >= 433'050'000 && hz <= 434'790'000; }
bool in_868(std::uint32_t hz) { return hz >= 863'000'000 && hz <= 870'000'000; }
bool in_915(std::uint32_t hz) { return hz >= 902'000'000 && hz <= 928'000'000; }

std::string hex_number(std::uint32_t value) {
    std::string byte(1, static_cast<char>(value));
    return upper_ascii(to_hex(byte));
}

}  // namespace

Driver::Driver(const ModemSettings& settings) : settings_(settings) {
    using namespace lora_modem;
    require_known(settings, {"quality"});
    require_lora(settings.lora);
    require_range("the preamble", settings.lora.preamble_symbols, 6, 65'535);
    require_range("the power in dBm", settings.power_dbm, -3, 20);
    require_range("the network (sync word)", settings.network, 0, 255);
    const std::uint32_t hz = settings.frequency_hz;
    if (hz != 0 && !in_433(hz) && !in_868(hz) && !in_915(hz)) {
        refuse(
            "an RN2483 sends in 433.05-434.79 and 863-870 MHz, an RN2903 in 902-928 MHz, not on " +
            std::to_string(hz) + " Hz");
    }
    ask_quality_ = choice(settings, "quality", {"yes", "no"}) == "yes";
    const auto longest = std::chrono::ceil<milliseconds>(airtime(kMostPayload));
    watchdog_ = std::max(milliseconds(60'000), 2 * longest);
}

void Driver::identify(BoxTime now, RadioActions& actions) {
    phase_ = Phase::Identify;
    tries_ = 1;
    due_ = now + kIdentifyWait;
    reader_.reset();
    dialogue_.stop();
    // The empty line ends whatever half a line the module has.
    actions.write += "\r\nsys get ver\r\n";
}

std::string Driver::cannot_do() const {
    const bool us = version_.rfind("RN2903", 0) == 0;
    const std::uint32_t hz = settings_.frequency_hz;
    if (hz != 0 && us != in_915(hz))
        return version_.substr(0, 6) + " cannot send on " + std::to_string(hz) + " Hz";
    const int least = us ? 2 : -3;
    const int most = us ? 20 : 15;
    if (settings_.power_dbm < least || settings_.power_dbm > most) {
        return version_.substr(0, 6) + " has " + std::to_string(least) + " to " +
               std::to_string(most) + " dBm, not " + std::to_string(settings_.power_dbm);
    }
    return {};
}

std::vector<Question> Driver::questions() const {
    const bool us = version_.rfind("RN2903", 0) == 0;
    const std::uint32_t hz = settings_.frequency_hz;
    const LoraParams& lora = settings_.lora;
    std::vector<Question> all;
    all.push_back(told(us ? "mac reset" : in_433(hz) ? "mac reset 433" : "mac reset 868"));
    all.push_back(paused());
    all.push_back(told("radio rxstop"));
    const auto set = [&](const std::string& name, const std::string& value) {
        all.push_back(told("radio set " + name + ' ' + value));
        all.push_back(reads(name, value));
    };
    set("mod", "lora");
    if (hz != 0) set("freq", std::to_string(hz));
    set("pwr", std::to_string(settings_.power_dbm));
    set("sf", "sf" + std::to_string(lora.spreading_factor));
    set("bw", std::to_string(lora.bandwidth_hz / 1000));
    set("cr", "4/" + std::to_string(lora.coding_rate));
    set("prlen", std::to_string(lora.preamble_symbols));
    set("crc", "on");
    set("iqi", "off");
    if (settings_.network != 0) set("sync", hex_number(settings_.network));
    set("wdt", std::to_string(watchdog_.count()));
    return all;
}

void Driver::set_up(std::string version, BoxTime now, RadioActions& actions) {
    version_ = std::move(version);
    if (std::string why = cannot_do(); !why.empty()) return go_down(std::move(why), now, actions);
    phase_ = Phase::SetUp;
    actions.write += dialogue_.begin(questions(), now);
    due_ = dialogue_.due();
}

void Driver::set_up_line(const Line& line, BoxTime now, RadioActions& actions) {
    if (line.answer == Answer::Version) {
        // Late, or twice, and nothing is lost by it; else the module was reset, which the
        // read-back may not see.
        set_up(line.text, now, actions);
        return;
    }
    if (phase_ != Phase::SetUp) return;
    actions.write += dialogue_.take(line.text, now);
    follow_dialogue(now, actions);
}

void Driver::follow_dialogue(BoxTime now, RadioActions& actions) {
    using State = lora_modem::Dialogue::State;
    switch (dialogue_.state()) {
        case State::Asking:
            due_ = dialogue_.due();
            break;
        case State::Done:
            actions.changed = true;
            why_.clear();
            listen(now, actions);
            break;
        case State::Silent:
        case State::Refused: {
            std::string why = dialogue_.problem();
            if (why.find("rxstop") != std::string::npos) why += ": it needs firmware 1.0.5";
            go_down(std::move(why), now, actions);
            break;
        }
        case State::Idle:
            break;
    }
}

void Driver::go_down(std::string why, BoxTime now, RadioActions& actions) {
    phase_ = Phase::Down;
    why_ = std::move(why);
    due_ = now + kDownWait;
    actions.changed = true;
}

RadioActions Driver::tick(BoxTime now) {
    RadioActions actions;
    if (phase_ == Phase::Closed || now < due_) return actions;
    if (phase_ == Phase::Down) {
        identify(now, actions);
    } else if (phase_ == Phase::Identify && ++tries_ > kIdentifyTries) {
        go_down("no answer to `sys get ver` at 57600 bit/s: is it an RN2483 or an RN2903?", now,
                actions);
        actions.reopen = true;
    } else if (phase_ == Phase::Identify) {
        due_ = now + kIdentifyWait;
        actions.write = "sys get ver\r\n";
    } else if (phase_ == Phase::SetUp) {
        actions.write = dialogue_.tick(now);
        follow_dialogue(now, actions);
    } else {
        overdue(now, actions);
    }
    return actions;
}

std::string Driver::why_down() const {
    if (ready()) return {};
    if (!why_.empty()) return why_;
    return phase_ == Phase::Closed ? "the line is not open" : "the module is being set up";
}

std::map<std::string, std::string> Driver::details() const {
    std::map<std::string, std::string> all;
    if (version_.empty()) return all;
    all["model"] = version_.substr(0, 6);
    all["firmware"] = version_.substr(7);
    if (settings_.frequency_hz != 0) all["frequency_hz"] = std::to_string(settings_.frequency_hz);
    return all;
}

ModemKind kind() {
    return {
        .name = "rn2483",
        .help = "Microchip RN2483 and RN2903, as in the LoStik",
        .more = "quality = yes|no: SNR and RSSI of each packet, for about 15 ms more of deafness",
        .baud = kBaud,
        .identifies = true,
        .lora = true,
        .amateur = false,
        .make = [](const ModemSettings& settings, Random&) {
            return std::make_unique<Driver>(settings);
        }};
}

}  // namespace waypost::rn2483
