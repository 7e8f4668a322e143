// SPDX-License-Identifier: Apache-2.0
// Starts a program without a shell. It leads a process group of its own, has signals as they are by
// default, and no descriptor but the three that it is given.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

struct Streams {
    int input = -1;  // -1: nothing to read
    int output = -1;
    int errors = -1;
};

// `words`: program and arguments; without a slash it is searched. `environment`: "NAME=value",
// nothing else. `folder`: where it runs; empty: where this process does. Whoever calls waits for
// it. An Error says what could not be started, and why.
Result<pid_t> spawn(const std::vector<std::string>& words,
                    const std::vector<std::string>& environment, const std::string& folder,
                    const Streams& streams);

}  // namespace waypost
