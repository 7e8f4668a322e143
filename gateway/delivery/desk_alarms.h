// SPDX-License-Identifier: Apache-2.0
// What console and command line ask about alarms and check-ins, and what an operator decides.
// Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "gateway/delivery/office.h"

namespace waypost {

struct AlarmReport {
    store::AlarmRow alarm;
    int callers = 1;
    std::string place;               // as responders read it; empty: not known
    std::vector<std::string> told;   // handles
    std::vector<std::string> heard;  // of them, whose radio has it
};

// Newest first, at most 100. Open ones are those that somebody has to act on now: neither closed by
// a responder nor set aside, a day after one had them.
Result<std::vector<AlarmReport>> open_alarms(GatewayOffice& office);
// Which a responder had, and nobody closed within a day.
Result<std::vector<AlarmReport>> alarms_not_closed(GatewayOffice& office);
Result<std::vector<AlarmReport>> all_alarms(GatewayOffice& office);
// In the operator's name. NotFound, or Conflict: it is over.
Result<void> acknowledge_alarm(GatewayOffice& office, store::AlarmId id, const std::string& text);
Result<void> close_alarm(GatewayOffice& office, store::AlarmId id);

Result<std::vector<store::CheckInRow>> check_ins(GatewayOffice& office);
Result<void> end_check_in(GatewayOffice& office, const std::string& handle);

}  // namespace waypost
