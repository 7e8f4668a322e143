// SPDX-License-Identifier: Apache-2.0
// How mail programs of many languages head a mail that they quote or forward.
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

enum class RuleKind { None, Answered, Forwarded, End };

// A line between dashes that says what follows ("----- Original Message -----"), or that it ends.
RuleKind rule_kind(std::string_view line);

// The name of "From: x", "*From:* x", "De : x" in small letters; empty if the line is no header.
std::string header_name(std::string_view line);
// Whether such a name says who wrote it.
bool names_writer(std::string_view header_name);

}  // namespace waypost::email
