// SPDX-License-Identifier: Apache-2.0
// A radio of an amateur station serves nobody else: what the licence lets it send and what is free
// of a licence do not go by one modem.
#pragma once

#include "gateway/config/config.h"

namespace waypost {

// Throws std::runtime_error with a sentence if one port is named for both services.
void check_radio_services(const Config& config);

}  // namespace waypost
