// SPDX-License-Identifier: Apache-2.0
// How transports did in the last hours and days, for charts. Any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"

namespace waypost {

using Series = std::vector<std::optional<double>>;  // nullopt: nobody looked then

struct TransportHistory {
    TransportId id;
    std::string network;  // empty: it is not here any more
    // By metric, as many values each as the history has steps: airtime_ms (of each step), up (share
    // of the time), snr_db, loss (percent), heard (nodes), waiting. What it never had is left out.
    std::map<std::string, Series> series;
};

struct History {
    store::Ms from_ms = 0;  // wall time of the first step
    store::Ms step_ms = 0;  // ten minutes up to a day; beyond that longer
    std::vector<TransportHistory> transports;
};

inline constexpr int kMostHistoryHours = 168;

// The last 1 to kMostHistoryHours hours, the step that is not over yet included: at most 168 steps.
Result<History> history(GatewayOffice& office, int hours);

}  // namespace waypost
