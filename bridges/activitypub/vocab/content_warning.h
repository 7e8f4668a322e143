// SPDX-License-Identifier: Apache-2.0
// A content warning as people type it where there is no field for one: "CW: snakes. One at the
// ford", or with the text on the next line. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace waypost::activitypub {

struct Warned {
    std::string warning;  // empty: none
    std::string text;     // the rest
};

// A warning has 100 bytes at most, and something behind it; else all of it is text.
Warned split_warning(std::string_view text);

}  // namespace waypost::activitypub
