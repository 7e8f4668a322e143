// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost::email {

// The paragraphs of a text with format=flowed (RFC 3676 section 4), each on one line: soft line
// breaks and stuffed spaces go, quotes keep their ">" and flow by themselves, and "-- " is a line
// of its own. `delete_space`: DelSp=yes.
std::string unflow(std::string_view text, bool delete_space);

}  // namespace waypost::email
