// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/config/config.h"
#include "gateway/custody/health_settings.h"

namespace waypost {

// [alerts]. Throws std::runtime_error with a sentence for the operator.
HealthSettings health_settings(const Config& config);

}  // namespace waypost
