// SPDX-License-Identifier: Apache-2.0
// A number out of what a sensor says, whoever wrote it. Pure; every way in has a limit.
#pragma once

#include <Poco/Dynamic/Var.h>

#include <optional>
#include <string>
#include <string_view>

#include "bridges/sensors/rule.h"
#include "gateway/base/result.h"

namespace waypost::sensors {

inline constexpr std::size_t kMostPayload = 16384;
inline constexpr double kMostValue = 1e9;  // beyond it nothing is a reading

// "2.5", " -3 ", "on", "true", "open" (1), "off", "false", "closed" (0). nullopt: none of these,
// not finite, or beyond kMostValue.
std::optional<double> read_number(std::string_view text);

// RFC 8259, at most 20 deep.
Result<Poco::Dynamic::Var> read_json(const std::string& text);
// RFC 6901: "/sensors/0/level". An empty pointer is the whole. nullopt: there is no such place.
std::optional<Poco::Dynamic::Var> at_pointer(const Poco::Dynamic::Var& json,
                                             const std::string& pointer);
// A number, a truth value, or a text that read_number() takes.
std::optional<double> number_in(const Poco::Dynamic::Var& value);

std::optional<double> read_bytes(std::string_view payload, const ByteField& field);

// By the rule's pointer, or the whole payload.
std::optional<double> read_value(const std::string& payload, const Rule& rule);

}  // namespace waypost::sensors
