// SPDX-License-Identifier: Apache-2.0
// How far the first start came: which steps were done or left out, kept over restarts. Waits for
// the disk.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/delivery/office.h"

namespace waypost {

struct SetupStep {
    std::string name;   // "place", "wifi", "radios", "mail", "people", "backup", in this order
    std::string state;  // "", "done", "skipped"
};

Result<std::vector<SetupStep>> setup_steps(GatewayOffice& office);
// NotFound: no such step. BadInput: no such state.
Result<void> set_setup_step(GatewayOffice& office, const std::string& step,
                            const std::string& state);

}  // namespace waypost
