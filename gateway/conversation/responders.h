// SPDX-License-Identifier: Apache-2.0
// Who is told of an alarm: the responders that the operator named, or else the operators.
#pragma once

#include <string>
#include <vector>

#include "gateway/custody/box.h"

namespace waypost {

struct Responders {
    std::vector<std::string> reachable;  // handles, each once
    std::vector<std::string>
        unreachable;  // nobody here is called so, or he has no radio or account
};

Responders responders_of(const Box& box);

}  // namespace waypost
