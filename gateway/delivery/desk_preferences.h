// SPDX-License-Identifier: Apache-2.0
// What the console and the command line ask about fair use and quiet hours. Thread-safe.
#pragma once

#include <map>
#include <string>

#include "gateway/delivery/office.h"

namespace waypost {

// "22:00-06:00", "22-6", "off", or empty: as the village has it. NotFound, BadInput.
Result<void> set_quiet(GatewayOffice& office, const std::string& handle, const std::string& hours);

struct AirtimeUse {
    std::string network;
    std::string who;       // a handle, or the address of a radio without a name
    milliseconds left{0};  // in his account; below zero: he goes when nobody else waits
};
// Of whoever used airtime lately, who has least left first.
std::vector<AirtimeUse> airtime_use(const GatewayOffice& office);

}  // namespace waypost
