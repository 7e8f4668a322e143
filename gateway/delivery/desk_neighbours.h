// SPDX-License-Identifier: Apache-2.0
// What an operator asks about neighbours. Any thread.
#pragma once

#include <string>
#include <vector>

#include "gateway/delivery/office.h"

namespace waypost {

struct NeighbourReport {
    std::string name;
    std::vector<std::string> domains;
    int messages_per_day = 0;
    std::int64_t messages_today = 0;
    std::int64_t alarms_today = 0;
    bool alarms_on_radio = false;
    bool told_alarms = false;  // ours
    store::Ms heard_ms = 0;    // when it last brought something; 0: never
    std::string problem;       // empty: none so far
    store::Ms problem_ms = 0;
    MessageId alarm = 0;  // its last one; 0: none so far
    std::string alarm_text;
    store::Ms alarm_ms = 0;
    store::Ms stolen_ms = 0;  // its box was said to be stolen then; 0: it was not, or paired anew
    std::string stolen_by;    // who said so
};

// In the order of their names.
Result<std::vector<NeighbourReport>> neighbour_reports(GatewayOffice& office);

}  // namespace waypost
