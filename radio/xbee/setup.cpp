// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/setup.h"

#include "gateway/base/encoding.h"
#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

std::string shown(const std::string& name, const std::string& value) {
    return is_text(name) ? value : to_hex(value);
}

}  // namespace

Setup::Setup(const Settings& settings, AtDialogue& at, Module& module, Changes changes)
    : settings_(settings), at_(at), module_(module), changes_(std::move(changes)) {}

void Setup::start(ApiMode now_in) {
    state_ = State::Running;
    trouble_.clear();
    written_ = 0;
    open_values_ = 1;  // this function
    module_.values.clear();
    const ApiMode mode = settings_.api.value_or(now_in);
    make("AP", value_of(static_cast<std::uint64_t>(mode)), [this, mode] { changes_.mode(mode); });
    for (const AtLine& each : settings_.init) line(each);
    if (settings_.speed) {
        const int speed = *settings_.speed;
        make("BD", value_of(static_cast<std::uint64_t>(*bd_of(speed))),
             [this, speed] { changes_.speed(speed); });
    }
    finish_values();
}

void Setup::line(const AtLine& each) {
    if (!each.value.empty() && each.name != "KY") return make(each.name, each.value);
    // An order, or a key, which cannot be read: whether it is another is not known.
    ++open_values_;
    at_.ask(each.name, each.value, [this, each](const AtAnswer& answer) {
        if (good(answer, each.value)) finish_values();
    });
}

void Setup::make(const std::string& name, const std::string& value, std::function<void()> changed) {
    ++open_values_;
    at_.ask(name, {}, [=, this](const AtAnswer& answer) {
        if (!good(answer)) return;
        if (same_value(answer.value, value)) return finish_values();
        set(name, value, changed);
    });
}

void Setup::set(const std::string& name, const std::string& value, std::function<void()> changed) {
    ++written_;
    at_.ask(name, value, [=, this](const AtAnswer& answer) {
        if (!good(answer, value)) return;
        if (changed) changed();
        read_back(name, value);
    });
}

void Setup::read_back(const std::string& name, const std::string& value) {
    at_.ask(name, {}, [=, this](const AtAnswer& answer) {
        if (!good(answer)) return;
        if (same_value(answer.value, value)) return finish_values();
        give_up(State::Refused, name + " was set to " + shown(name, value) + " and reads " +
                                    shown(name, answer.value));
    });
}

// When every value is as wanted.
void Setup::finish_values() {
    if (--open_values_ > 0) return;
    if (written_ == 0) return read_all();
    at_.ask("WR", {}, [this](const AtAnswer& answer) {
        if (good(answer)) read_all();
    });
}

void Setup::read_all() {
    for (const std::string_view each : module_values()) {
        const std::string name(each);
        at_.ask(name, {}, [this, name](const AtAnswer& answer) {
            // Not every family has every value.
            if (answer.status == kAtOk) module_.values[name] = answer.value;
            if (answer.status == AtDialogue::kNoAnswer) good(answer);
            if (name == module_values().back() && state_ == State::Running) check();
        });
    }
}

void Setup::check() {
    for (const char* name : {"SH", "SL", "NP"}) {
        if (!module_.number(name)) {
            return give_up(State::Refused, std::string("the module does not say its ") + name);
        }
    }
    if (module_.payload() == 0)
        return give_up(State::Refused, "the module takes no data (NP is 0)");
    state_ = State::Done;
}

bool Setup::good(const AtAnswer& answer, const std::string& value) {
    if (state_ != State::Running) return false;
    if (answer.status == kAtOk) return true;
    if (answer.status == AtDialogue::kNoAnswer) {
        give_up(State::NoAnswer, "the module does not answer " + answer.name);
    } else if (answer.status == kAtUnknown) {
        give_up(State::Refused, "the module does not know " + answer.name);
    } else {
        const std::string what = answer.name == "KY" ? "its value" : shown(answer.name, value);
        give_up(State::Refused, "the module refuses " + answer.name + " " + what);
    }
    return false;
}

void Setup::give_up(State state, std::string trouble) {
    state_ = state;
    trouble_ = std::move(trouble);
    at_.clear();
}

}  // namespace waypost::xbee
