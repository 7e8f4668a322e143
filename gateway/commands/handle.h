// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

// A person's name everywhere: 2 to 20 of a-z 0-9 and -, a letter first, - neither last nor twice;
// not a role address (RFC 2142), not a command, not eight or twelve hex digits (a stranger's
// radio).
Result<std::string> parse_handle(std::string_view typed);

// Some letter that is no a-z although it may look like one: the answer to it is another.
bool has_foreign_letters(std::string_view typed);

// What a handle looks like on a small screen: two with the same skeleton are mistaken for one
// another (0 and o, 1 and l and i, rn and m, vv and w; - is overlooked).
std::string handle_skeleton(std::string_view handle);

// A group's name: the same, but "news" may be one.
Result<std::string> parse_group_name(std::string_view typed);

}  // namespace waypost
