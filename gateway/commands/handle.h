// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost {

// A person's name everywhere: 2 to 20 of a-z 0-9 and -, a letter first, - neither last nor twice;
// not a role address (RFC 2142), not a command, not eight hex digits (a stranger's radio).
Result<std::string> parse_handle(std::string_view typed);

// A group's name: the same, but "news" may be one.
Result<std::string> parse_group_name(std::string_view typed);

}  // namespace waypost
