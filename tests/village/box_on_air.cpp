// SPDX-License-Identifier: Apache-2.0
#include "box_on_air.h"

namespace waypost::village {
namespace {

simulator::NodeOptions post() {
    simulator::NodeOptions options;
    options.identity = {1, "POST hill DM ?", "POST", std::string(32, 'p')};
    return options;
}

simulator::DeviceOptions device_of(const Plan& plan) {
    simulator::DeviceOptions options;
    options.preset = plan.preset;
    return options;
}

SteppedBox::Options options_of() {
    SteppedBox::Options options;
    BoxSettings& settings = options.settings;
    settings.operators = {"p0"};
    settings.responders = {"p0", "p1", "p2"};
    settings.later_states = true;
    settings.radio_lines_per_minute = 30;
    settings.letters_waiting = 3;
    settings.outside_letters_per_hour = 60;
    settings.retention = std::chrono::hours(48);
    settings.person_mails_per_day = 1000;
    options.house_every = std::chrono::minutes(5);
    options.message_bytes = 200;
    return options;
}

}  // namespace

BoxOnAir::BoxOnAir(const Plan& plan, int handhelds, int named)
    : random_(seeded_random(plan.seed)),
      air_(scheduler_, *random_, {meshtastic_preset(plan.preset).value_or(LoraParams{}), 0, 6}),
      node_(scheduler_, air_, *random_, post()),
      device_(scheduler_, node_, device_of(plan)),
      crowd_(scheduler_, air_, *random_, handhelds, plan.loss),
      box_(scheduler_, device_, *random_, options_of()) {
    crowd_.meet(node_);
    std::vector<Handheld> people;
    for (int i = 0; i < named; ++i) people.push_back({'p' + std::to_string(i), Crowd::number(i)});
    box_.open(people);
}

}  // namespace waypost::village
