// SPDX-License-Identifier: Apache-2.0
// "water?" asked by a radio, answered with what a sensor of the village said last. A transport that
// knows such values keeps them in the state "ask" by the word that asks for them: "WALLMS TEXT".
#pragma once

#include <optional>
#include <string>

#include "gateway/conversation/line.h"

namespace waypost {

// "water: 1.83 m (14:05)"; nullopt: nothing is known by this word.
std::optional<std::string> sensor_answer(Line& line, const std::string& word);
// Of one word with a question mark behind it, and nothing else.
std::optional<std::string> sensor_answer_to(Line& line, const std::string& typed);

}  // namespace waypost
