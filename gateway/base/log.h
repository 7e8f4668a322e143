// SPDX-License-Identifier: Apache-2.0
// One line per event on standard error, in the form that the journal reads:
//   <6>info email accepted id=42 bytes=311
// error: the operator must act and a part is down. warning: he should look. info: rare, and no
// peer can make it a flood. debug: per component, off by default.
// Never logged: bodies, keys, tokens. Addresses go through shorten().
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace waypost {

enum class Level { Error = 3, Warning = 4, Info = 6, Debug = 7 };

using LogField = std::pair<std::string_view, std::string>;

// Thread-safe. The last lines are kept for whoever looks on (log_tail.h).
void log(Level level, std::string_view component, std::string_view event,
         std::initializer_list<LogField> fields = {});
void set_log_level(Level level);
const char* to_string(Level level);  // "error"

// "ana@hill.example" -> "an…@hill.example": enough to recognise, not enough to harvest.
std::string shorten(std::string_view address);

}  // namespace waypost
