// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/watch.h"

#include <sstream>

namespace waypost::sensors {
namespace {

bool beyond(const Rule& rule, double value) {
    return (rule.above && value > *rule.above) || (rule.below && value < *rule.below);
}

bool back(const Rule& rule, double value) {
    return (!rule.above || value <= *rule.above - rule.hysteresis) &&
           (!rule.below || value >= *rule.below + rule.hysteresis);
}

}  // namespace

Watch::Did Watch::look(const Rule& rule, double value, BoxTime time) {
    const std::int64_t now = to_ms(time);
    next_ = stands_;
    const bool may_tell = next_.told == 0 || now - next_.told >= rule.repeat.count();
    if (next_.phase == Phase::Told) {
        if (back(rule, value)) {
            const bool told = next_.times > 0;
            next_.phase = Phase::Quiet;
            return told ? Did::Over : Did::Nothing;
        }
        // One that comes and goes is told no more often than one that stays.
        if (!may_tell) return Did::Nothing;
        next_.told = now;
        return ++next_.times == 1 ? Did::Begins : Did::Again;
    }
    if (!beyond(rule, value)) {
        next_.phase = Phase::Quiet;
        return Did::Nothing;
    }
    if (next_.phase == Phase::Quiet) {
        next_.phase = Phase::Beyond;
        next_.since = now;
        next_.times = 0;
    }
    if (now - next_.since < rule.lasts.count()) return Did::Nothing;
    next_.phase = Phase::Told;
    if (!may_tell) return Did::Nothing;
    next_.told = now;
    next_.times = 1;
    return Did::Begins;
}

std::string Watch::text_of(const State& state) {
    return std::to_string(static_cast<int>(state.phase)) + ' ' + std::to_string(state.since) + ' ' +
           std::to_string(state.told) + ' ' + std::to_string(state.times);
}

std::string Watch::save() const { return text_of(next_); }

std::string Watch::save_untold() const {
    if (stands_.phase == Phase::Told) return text_of(stands_);
    State state = next_;
    state.phase = Phase::Beyond;
    state.told = stands_.told;
    state.times = 0;
    return text_of(state);
}

Watch Watch::load(const std::string& text) {
    std::istringstream words(text);
    int phase = 0;
    State state;
    Watch watch;
    if (!(words >> phase >> state.since >> state.told >> state.times)) return watch;
    if (phase < 0 || phase > 2) return watch;
    state.phase = static_cast<Phase>(phase);
    watch.stands_ = watch.next_ = state;
    return watch;
}

}  // namespace waypost::sensors
