// SPDX-License-Identifier: Apache-2.0
// The module keeps its settings in a flash memory that wears: each is read first, and set only if
// it is another.
#include <algorithm>

#include "radio/lora_modem/lora_settings.h"
#include "radio/lora_modem/rylr998/driver.h"
#include "radio/lora_modem/rylr998/payload.h"

namespace waypost::rylr998 {
namespace {

using lora_modem::Question;
using lora_modem::Verdict;

constexpr milliseconds kDownWait{30'000};
constexpr std::uint32_t kFreeNetwork = 18;  // the only one with a preamble of one's own
constexpr int kFixedPreamble = 12;
constexpr int kSeamPreamble = 8;  // what ModemSettings have if nobody says one

bool is_error(std::string_view line) { return line.rfind("+ERR=", 0) == 0; }

Question told(std::string command) {
    return {std::move(command), [](std::string_view line) {
                if (line == "+OK") return Verdict::Answered;
                return is_error(line) ? Verdict::Refused : Verdict::NotMine;
            }};
}

// SX1262 as Reyax uses it: the longest symbols are left out (guide, AT+PARAMETER).
void require_pair(const LoraParams& lora) {
    const int most = lora.bandwidth_hz == 125'000 ? 9 : lora.bandwidth_hz == 250'000 ? 10 : 11;
    if (lora.spreading_factor <= most) return;
    lora_modem::refuse("an RYLR998 has SF7 to SF" + std::to_string(most) + " at " +
                       std::to_string(lora.bandwidth_hz / 1000) + " kHz, not SF" +
                       std::to_string(lora.spreading_factor));
}

std::string parameter(const LoraParams& lora) {
    const int width = lora.bandwidth_hz == 125'000 ? 7 : lora.bandwidth_hz == 250'000 ? 8 : 9;
    return std::to_string(lora.spreading_factor) + ',' + std::to_string(width) + ',' +
           std::to_string(lora.coding_rate - 4) + ',' + std::to_string(lora.preamble_symbols);
}

}  // namespace

Driver::Driver(const ModemSettings& settings) : settings_(settings), lora_(settings.lora) {
    using namespace lora_modem;
    require_known(settings, {"payload", "address"});
    require_lora(settings.lora);
    require_pair(settings.lora);
    require_range("the power in dBm", settings.power_dbm, 0, 22);
    const std::uint32_t network = settings.network;
    if (network != 0 && network != kFreeNetwork && (network < 3 || network > 15))
        refuse("the network of an RYLR998 is 3 to 15 or 18, not " + std::to_string(network));
    require_range("the preamble", settings.lora.preamble_symbols, 4, 24);
    if (std::string why = network == 0 ? "" : cannot_do(); !why.empty()) refuse(why);
    binary_ = choice(settings, "payload", {"text", "binary"}) == "binary";
    const int address = number(settings, "address", 0, 65'535, -1);
    if (address >= 0) address_ = std::to_string(address);
}

// That it will be in: as asked for, else as it was read.
std::string Driver::network() const {
    const auto known = values_.find("NETWORKID");
    return settings_.network != 0 || known == values_.end() ? std::to_string(settings_.network)
                                                            : known->second;
}

bool Driver::free_preamble() const { return network() == std::to_string(kFreeNetwork); }

std::string Driver::cannot_do() const {
    const int asked = settings_.lora.preamble_symbols;
    if (free_preamble() || asked == kFixedPreamble || asked == kSeamPreamble) return {};
    return "in network " + network() + " the preamble is 12, not " + std::to_string(asked) +
           ": only network 18 has others";
}

// With a `value`: any other is a refusal.
Question Driver::reads(std::string name, std::optional<std::string> value) {
    return {"AT+" + name + '?', [this, name, value = std::move(value)](std::string_view line) {
                const std::string start = '+' + name + '=';
                if (line.rfind(start, 0) != 0)
                    return is_error(line) ? Verdict::Refused : Verdict::NotMine;
                values_[name] = line.substr(start.size());
                return !value || values_[name] == *value ? Verdict::Answered : Verdict::Refused;
            }};
}

std::map<std::string, std::string> Driver::wanted() const {
    std::map<std::string, std::string> all{{"MODE", "0"},
                                           {"CRFOP", std::to_string(settings_.power_dbm)},
                                           {"PARAMETER", parameter(lora_)}};
    if (settings_.frequency_hz != 0) all["BAND"] = std::to_string(settings_.frequency_hz);
    if (settings_.network != 0) all["NETWORKID"] = std::to_string(settings_.network);
    if (!address_.empty()) all["ADDRESS"] = address_;
    return all;
}

// Network before parameter: it decides which preambles are allowed.
std::vector<Question> Driver::changes() {
    std::vector<Question> all;
    for (const auto& [name, value] : wanted()) {
        if (values_[name] == value) continue;
        all.push_back(told("AT+" + name + '=' + value));
        all.push_back(reads(name, value));
    }
    return all;
}

void Driver::begin(Phase phase, BoxTime now, RadioActions& actions) {
    phase_ = phase;
    std::vector<Question> questions;
    if (phase == Phase::Identify) {
        reader_.reset();
        values_.clear();
        questions.push_back(told("AT"));
        questions.push_back(reads("VER"));
    } else if (phase == Phase::Read) {
        for (const char* name : {"MODE", "BAND", "NETWORKID", "ADDRESS", "PARAMETER", "CRFOP"})
            questions.push_back(reads(name));
    } else {
        questions = changes();
    }
    actions.write += dialogue_.begin(std::move(questions), now);
    follow_dialogue(now, actions);
}

void Driver::follow_dialogue(BoxTime now, RadioActions& actions) {
    using State = lora_modem::Dialogue::State;
    switch (dialogue_.state()) {
        case State::Asking:
            due_ = dialogue_.due();
            break;
        case State::Done:
            answered_all(now, actions);
            break;
        case State::Idle:
            break;
        case State::Silent:
            actions.reopen = phase_ == Phase::Identify;
            go_down(actions.reopen ? "no answer to `AT` at 115200 bit/s: is it an RYLR998?"
                                   : dialogue_.problem(),
                    now, actions);
            break;
        case State::Refused: {
            const std::string why = dialogue_.problem();
            const auto at = why.find("+ERR=");
            const char* what =
                at == std::string::npos ? "" : explain(std::atoi(why.c_str() + at + 5));
            go_down(*what == '\0' ? why : why + ": " + what, now, actions);
            break;
        }
    }
}

void Driver::answered_all(BoxTime now, RadioActions& actions) {
    if (phase_ == Phase::Identify) {
        const std::string& version = values_["VER"];
        const std::string model = version.substr(0, 7);
        if (model == "RYLR998" || model == "RYLR498") return begin(Phase::Read, now, actions);
        std::string why = "an RYLR998 or RYLR498 is wanted; this is " + version.substr(0, 40);
        values_.clear();
        return go_down(std::move(why), now, actions);
    }
    if (phase_ == Phase::Read) {
        if (std::string why = cannot_do(); !why.empty()) return go_down(why, now, actions);
        lora_.preamble_symbols = free_preamble() ? settings_.lora.preamble_symbols : kFixedPreamble;
        return begin(Phase::Set, now, actions);
    }
    phase_ = Phase::Ready;
    due_ = BoxTime::max();
    why_.clear();
    actions.changed = true;
}

void Driver::go_down(std::string why, BoxTime now, RadioActions& actions) {
    phase_ = Phase::Down;
    dialogue_.stop();
    why_ = std::move(why);
    due_ = now + kDownWait;
    actions.changed = true;
}

std::string Driver::why_down() const {
    if (ready()) return {};
    if (!why_.empty()) return why_;
    return phase_ == Phase::Closed ? "the line is not open" : "the module is being set up";
}

std::map<std::string, std::string> Driver::details() const {
    std::map<std::string, std::string> all;
    const auto copy = [&](const char* from, const char* to) {
        const auto found = values_.find(from);
        if (found != values_.end()) all[to] = found->second;
    };
    copy("VER", "firmware");
    if (!all.empty()) all["model"] = all["firmware"].substr(0, 7);
    copy("ADDRESS", "address");
    copy("NETWORKID", "network");
    copy("BAND", "frequency_hz");
    if (!all.empty())
        all["payload"] = binary_           ? "binary"
                         : refused_binary_ ? "text: the module refused a frame as it is"
                                           : "text";
    return all;
}

ModemKind kind() {
    return {.name = "rylr998",
            .help = "Reyax RYLR998 and RYLR498",
            .more =
                "payload = text|binary: binary only if both modules pass all bytes; "
                "address = 0..65535: its own, else as it is set",
            .baud = kBaud,
            .identifies = true,
            .lora = true,
            .amateur = false,
            .make = [](const ModemSettings& settings, Random&) {
                return std::make_unique<Driver>(settings);
            }};
}

}  // namespace waypost::rylr998
