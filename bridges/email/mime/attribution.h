// SPDX-License-Identifier: Apache-2.0
// "On 3 May, Ana wrote:" as mail programs and people say it, in many languages.
#pragma once

#include "bridges/email/mime/lines.h"

namespace waypost::email {

// The first of the lines right above line `quote` that introduce it; `quote` itself if none does.
// Blank lines between belong to the introduction.
std::size_t attribution_begins(const Lines& lines, std::size_t quote);

// Whether a line alone may introduce one.
bool introduces_quote(std::string_view line);

// Marks what introduces quotes, and, where an introduction stands above a mail without marks, that
// mail as well.
void mark_attributions(Lines& lines);

}  // namespace waypost::email
