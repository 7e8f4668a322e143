// SPDX-License-Identifier: Apache-2.0
// A session over a line, to its end.
#pragma once

#include <atomic>
#include <functional>

#include "bridges/nncp/online/line.h"
#include "bridges/nncp/online/session.h"

namespace waypost::nncp {

// `stop`, set by any thread, ends it within half a second, or at once with line.wake(). `progress`
// is called now and then, at most five times a second, and once at the end.
void drive(Session& session, Line& line, const std::atomic<bool>& stop,
           const std::function<void(const SessionStats&)>& progress = nullptr);

}  // namespace waypost::nncp
