// SPDX-License-Identifier: Apache-2.0
// One run of waypost-shrink as a child process. Inside pictures/ only.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

struct HelperJob {
    std::string program;
    std::vector<std::string> wanted;  // its arguments
    std::function<Result<void>(std::ostream&)> write;
    std::size_t budget = 0;  // bytes of a picture, as errors say it
    std::size_t most = 0;    // bytes that it may answer
    std::chrono::milliseconds patience{0};
};

// What it wrote when it ended well; one at a time in this process. Errors as of Shrinker.
Result<std::string> run_helper(const HelperJob& job);
// It ended well, and what it wrote is nothing.
Error no_picture();

}  // namespace waypost
