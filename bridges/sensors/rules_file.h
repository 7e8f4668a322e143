// SPDX-License-Identifier: Apache-2.0
// The file with the rules of sensors: TOML, a table for each sensor. Pure.
#pragma once

#include <string>
#include <vector>

#include "bridges/sensors/rule.h"
#include "gateway/base/result.h"

namespace waypost::sensors {

enum class Kind { Topic, Device };  // where values come from

// At most 200. BadInput names the line, the sensor and what to write instead: of several mistakes
// the first.
Result<std::vector<Rule>> read_rules(const std::string& text, Kind kind);
// The same with the file before the line; NotFound where there is none.
Result<std::vector<Rule>> read_rules_file(const std::string& path, Kind kind);

}  // namespace waypost::sensors
