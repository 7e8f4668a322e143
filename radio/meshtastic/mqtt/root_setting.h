// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/config/setting.h"

namespace waypost::meshtastic {

// `root`, what stands before /2/e/ in topics. Throws std::runtime_error, a sentence for the
// operator.
std::string read_root(const SectionValues& values);

}  // namespace waypost::meshtastic
