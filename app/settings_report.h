// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "gateway/config/config.h"
#include "gateway/delivery/desk.h"

namespace waypost {

// Every key of every section that is in use, with what the table says of it.
std::vector<SettingReport> settings_report(const Config& config);

}  // namespace waypost
