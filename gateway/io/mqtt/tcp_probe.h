// SPDX-License-Identifier: Apache-2.0
// Does anybody listen there? libmosquitto connects without a time-out of its own; asked before, a
// broker behind a dead line holds nobody up for the minutes that the kernel would try.
#pragma once

#include <chrono>
#include <string>

#include "gateway/base/result.h"

namespace waypost::mqtt {

// Opens a connection and closes it. Errors are Network, in words. `wake_fd` readable ends it early.
Result<void> probe_tcp(const std::string& host, int port, std::chrono::milliseconds within,
                       int wake_fd);

}  // namespace waypost::mqtt
