// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace waypost {

// One of the programs that share a hub's store, for status and command line.
struct WorkerFacts {
    std::string name;
    std::string release;
    std::int64_t began_ms = 0;  // by the database's clock
    bool here = false;          // it is this one
    bool has_work = false;      // else it waits to take over
};

}  // namespace waypost
