// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace waypost {

// Of the copies that a box makes by itself ([backup]), for console, status and command line.
struct BackupFacts {
    bool planned = false;
    std::string to;              // "stick", or a folder
    bool here = false;           // it is there
    std::string last;            // the newest copy's file; empty: none was made
    std::int64_t last_ms = 0;    // its time, as the clock was; 0: none was made
    std::int64_t due_in_ms = 0;  // until the next is made; 0: as soon as it can be
    std::string problem;         // of the last try; empty: none
};

}  // namespace waypost
