// SPDX-License-Identifier: Apache-2.0
#include "observer.h"

namespace waypost::month {

void SlidingHour::spend(BoxTime now, milliseconds airtime) {
    spent_.emplace_back(now, airtime);
    sum_ += airtime;
    while (now - spent_.front().first >= std::chrono::hours(1)) {
        sum_ -= spent_.front().second;
        spent_.pop_front();
    }
    most_ = std::max(most_, sum_);
}

Observer::Observer(simulator::World& world, const std::string& device) : world_(world) {
    const int antenna = world.node(device)->index();
    world.air().watch([this, antenna](const simulator::AirEvent& event) {
        if (event.what != simulator::AirEvent::What::Sent) return;
        const milliseconds length = world_.air().used() - used_;
        used_ += length;
        if (event.from != antenna) return;
        device_.spend(event.at, length);
        if (handed_.count(event.packet_id) > 0) own_.spend(event.at, length);
    });
    for (auto& each : world.inhabitants()) {
        if (!each.handheld) continue;
        each.handheld->on_shown = [this, name = each.facts.name](const simulator::Shown& shown) {
            line(name, shown.text);
        };
    }
}

void Observer::line(const std::string& name, const std::string& text) {
    ++lines_;
    longest_ = std::max(longest_, text.size());
    const std::size_t open = text.find("[m");
    const std::size_t close = text.find(']', open);
    const bool list = text.find('\n') != std::string::npos;  // asked for: no letter comes again
    if (close != std::string::npos && !list) ++marks_[{name, text.substr(open, close + 1 - open)}];
    if (on_line) on_line(name, text);
}

int Observer::times_shown(const std::string& name, const std::string& mark) const {
    const auto found = marks_.find({name, mark});
    return found == marks_.end() ? 0 : found->second;
}

}  // namespace waypost::month
