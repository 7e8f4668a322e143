// SPDX-License-Identifier: Apache-2.0
// What a link has to find again after a restart, as rows for the owner's durable store.
#pragma once

#include <map>
#include <string>

namespace waypost::trunk {

struct StateRow {
    std::string key;    // "out/17", "in/3", "part/3/0": some thousands at most
    std::string value;  // empty: the row goes
};
using StateMap = std::map<std::string, std::string>;

}  // namespace waypost::trunk
