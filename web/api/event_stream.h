// SPDX-License-Identifier: Apache-2.0
// Server-sent events (HTML Living Standard, 9.2): what is common to all routes that go on.
#pragma once

#include <chrono>

#include "web/api/api.h"

namespace waypost::api {

void write_event(std::ostream& out, std::uint64_t number, const std::string& kind,
                 const Json& data);

// Writes what is new; where nothing is, waits so long for something. False: nothing was.
using WriteNew = std::function<bool(std::ostream& out, std::chrono::milliseconds time)>;

// What goes on until one side closes or the session ends; 404 without a feed, 503 where too many
// watch already.
Reply event_stream(Desk& desk, const Request& request, WriteNew write_new);

}  // namespace waypost::api
