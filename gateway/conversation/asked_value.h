// SPDX-License-Identifier: Apache-2.0
// "water?" asked by a radio, answered with the last value that a transport knows (asked_values.h).
#pragma once

#include <optional>
#include <string>

#include "gateway/conversation/line.h"

namespace waypost {

// "water: 1.83 m (14:05)"; nullopt: nothing is known by this word.
std::optional<std::string> asked_value(Line& line, const std::string& word);
// Of one word with a question mark behind it, and nothing else.
std::optional<std::string> asked_value_in(Line& line, const std::string& typed);

}  // namespace waypost
