// SPDX-License-Identifier: Apache-2.0
// What one of many may use of what all share.
#pragma once

#include "gateway/base/clock.h"

namespace waypost {

struct FairUse {
    double person_share = 0.10;  // of what the devices may send in an hour
    double stranger_share = 0.20;
    milliseconds person_burst = std::chrono::seconds(10);  // what an account holds at the most
};

}  // namespace waypost
