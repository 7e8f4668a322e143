// SPDX-License-Identifier: Apache-2.0
// Niceness as people write it: "96", "PRIORITY", "P", "B+10", "MAX". Pure.
#pragma once

#include <string_view>

#include "bridges/nncp/packet/header.h"

namespace waypost::nncp {

Result<Nice> parse_nice(std::string_view text);
std::string to_text(Nice nice);  // as the tools print it: "P", "B+10", "MAX"

}  // namespace waypost::nncp
