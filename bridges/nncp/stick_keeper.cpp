// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/stick_keeper.h"

#include <algorithm>

#include "bridges/nncp/sticks.h"

namespace waypost::nncp {
namespace {

using State = StickStatus::State;

CourierStick shown(const StickStatus& stick) {
    const bool works = stick.state == State::Working;
    const bool undecided = stick.state == State::Asking || stick.state == State::Refused;
    CourierStick shown;
    shown.id = stick.id;
    shown.label = stick.name;
    shown.state = to_string(stick.state);
    shown.text = undecided ? stick.why : words_of(stick);
    shown.in = stick.received;
    shown.out = stick.sent;
    shown.bytes = works ? stick.progress.bytes : stick.bytes;
    shown.free = stick.free;
    shown.safe = stick.state == State::Safe;
    shown.at_ms = to_ms(stick.at);
    return shown;
}

}  // namespace

std::vector<CourierStick> CourierSticks::sticks() const {
    std::vector<CourierStick> all;
    for (const StickStatus& each : courier_.status()) all.push_back(shown(each));
    return all;
}

Result<void> CourierSticks::decide(const std::string& id, bool accept) {
    const auto here = courier_.status();
    const auto found = std::find_if(here.begin(), here.end(),
                                    [&](const StickStatus& each) { return each.id == id; });
    if (found == here.end()) return Error{Code::NotFound, "no such stick is here", false};
    if (found->directory)
        return Error{Code::Conflict, "the settings say that this folder is served", false};
    if (!accept && options_.known_sticks.count(id) > 0)
        return Error{Code::Conflict, "the settings say that this stick is known", false};
    return accept ? courier_.accept(id) : courier_.refuse(id);
}

}  // namespace waypost::nncp
