// SPDX-License-Identifier: Apache-2.0
// Names of files that somebody else chose: to show, and to offer to a program that saves them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waypost {

inline constexpr std::size_t kFileNameBytes = 120;

// A plain name of at most kFileNameBytes bytes of valid UTF-8, whatever comes in; never empty.
// Only the last part of a path stays ("../../x" is "x"); control characters, direction marks and
// other characters without a shape go; what Windows takes for syntax (<>:"|?*, a dot or space at
// the end) or for a device (CON, LPT1.txt) is changed, and what Unix hides (a dot in front) is
// shown. A name that is too long loses its middle, not its ending.
std::string clean_file_name(std::string_view name);

}  // namespace waypost
