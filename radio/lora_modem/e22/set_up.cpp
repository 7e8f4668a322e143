// SPDX-License-Identifier: Apache-2.0
// A module in transmission mode sends on air whatever it is asked, so it is asked twice and then
// left alone for a long time.
#include "radio/lora_modem/e22/driver.h"
#include "radio/lora_modem/lora_settings.h"

namespace waypost::e22 {
namespace {

constexpr milliseconds kAnswerWait{400};
constexpr milliseconds kSwitchWait{3'000};
constexpr milliseconds kDownWait{600'000};
constexpr int kTries = 2;

}  // namespace

void Driver::tell(Phase phase, std::string bytes, BoxTime now, RadioActions& actions) {
    if (phase != phase_) tries_ = 0;
    phase_ = phase;
    ++tries_;
    configuration_.reset();
    due_ = now + (phase == Phase::AwaitSwitch ? kSwitchWait : kAnswerWait);
    actions.baud = phase == Phase::Enter ? wanted_.baud : kConfigurationBaud;
    actions.write = std::move(bytes);
}

void Driver::ask(Phase phase, BoxTime now, RadioActions& actions) {
    tell(phase, read_registers(), now, actions);
}

void Driver::set_up_bytes(std::string_view bytes, BoxTime now, RadioActions& actions) {
    configuration_.feed(bytes);
    if (phase_ == Phase::Enter) {
        entered_ = configuration_.switched(Mode::Configuration);
        if (entered_) ask(Phase::Ask, now, actions);
    } else if (phase_ == Phase::Leave) {
        if (configuration_.switched(Mode::Transmission)) return go_ready(actions);
        if (configuration_.refused()) unanswered(now, actions);
    } else if (const auto all = configuration_.registers(); all) {
        found(*all, now, actions);
    } else if (phase_ == Phase::Write && configuration_.refused()) {
        unanswered(now, actions);
    }
}

void Driver::found(const Registers& registers, BoxTime now, RadioActions& actions) {
    switch (phase_) {
        case Phase::Ask:
            registers_ = wanted_.over(registers);
            known_ = true;
            return tell(Phase::Write, write_registers(registers_, keep_), now, actions);
        case Phase::Write:
            if (Wanted::same(registers, registers_)) return ask(Phase::Check, now, actions);
            return unanswered(now, actions);
        case Phase::Check:
            if (!Wanted::same(registers, registers_)) return unanswered(now, actions);
            return tell(Phase::Leave, switch_mode(Mode::Transmission), now, actions);
        case Phase::AwaitSwitch:
            configuration_.reset();
            tries_ = 0;
            return;
        default:
            return;
    }
}

// No answer, or none that is right.
void Driver::unanswered(BoxTime now, RadioActions& actions) {
    const bool again = tries_ < kTries;
    switch (phase_) {
        case Phase::Ask:
            if (again) return ask(Phase::Ask, now, actions);
            if (!entered_)
                return tell(Phase::Enter, switch_mode(Mode::Configuration), now, actions);
            return go_down("the E22 changed to configuration mode and says nothing there", now,
                           actions);
        case Phase::Enter:
            return go_down(
                "no answer in configuration mode (9600 bit/s): put the E22's switch or button to "
                "configuration (M1 on, M0 off) and open the line again, or say configured = yes",
                now, actions);
        case Phase::Write:
            if (again) return tell(Phase::Write, write_registers(registers_, keep_), now, actions);
            return go_down("the E22 refuses its settings", now, actions);
        case Phase::Check:
            if (again) return ask(Phase::Check, now, actions);
            return go_down("the E22 did not take its settings", now, actions);
        case Phase::Leave:
            if (again && !configuration_.refused())
                return tell(Phase::Leave, switch_mode(Mode::Transmission), now, actions);
            ask(Phase::AwaitSwitch, now, actions);
            why_ = "the E22 is set: put its switch or button back to transmission (M0 and M1 off)";
            actions.changed = true;
            return;
        case Phase::AwaitSwitch:
            if (again) return ask(Phase::AwaitSwitch, now, actions);
            return go_ready(actions);
        default:
            return;
    }
}

void Driver::go_ready(RadioActions& actions) {
    phase_ = Phase::Ready;
    due_ = BoxTime::max();
    actions.baud = wanted_.baud;
    actions.changed = true;
    why_.clear();
    receiver_.reset();
}

void Driver::go_down(std::string why, BoxTime now, RadioActions& actions) {
    phase_ = Phase::Down;
    entered_ = false;
    due_ = now + kDownWait;
    why_ = std::move(why);
    actions.changed = true;
}

std::string Driver::why_down() const {
    if (ready()) return {};
    if (!why_.empty()) return why_;
    return phase_ == Phase::Closed ? "the line is not open" : "the module is being set up";
}

std::map<std::string, std::string> Driver::details() const {
    std::map<std::string, std::string> all;
    if (!known_ && !configured_) return all;
    all["model"] = "E22";
    all["air_rate_bits"] = std::to_string(wanted_.bits_per_second);
    all["airtime"] = measured_.empty() ? "estimated" : "measured by the operator";
    if (configured_) {
        all["set_up"] = "by somebody else";
        return all;
    }
    all["channel"] = std::to_string(registers_[kChannel]);
    all["network"] = std::to_string(registers_[kNetId]);
    all["power_dbm"] = std::to_string(wanted_.power_dbm);
    return all;
}

ModemKind kind() {
    return {.name = "e22",
            .help = "EByte E22-900T and E22-400T; SF and bandwidth are by its air rate",
            .more =
                "air_rate = 0.3|1.2|2.4|4.8|9.6|19.2|38.4|62.5 kbit/s; baud: of the line, 9600; "
                "power_steps = 22|30: dBm on the label; keep = no|yes: also over power-off; "
                "configured = no|yes: take it as it is; rssi = yes|no: if so, it adds that byte; "
                "measured = BYTES:MS,BYTES:MS: airtime of two frames",
            .baud = kConfigurationBaud,
            .identifies = true,
            .lora = true,
            .amateur = false,
            .make = [](const ModemSettings& settings, Random&) {
                return std::make_unique<Driver>(settings);
            }};
}

}  // namespace waypost::e22
