// SPDX-License-Identifier: Apache-2.0
// Server-sent events (HTML Living Standard, 9.2): what is common to all routes that go on.
#pragma once

#include <chrono>
#include <memory>

#include "web/api/api.h"

namespace waypost::api {

std::string event_text(std::uint64_t number, const std::string& kind, const std::string& json);

// Events as they go over the wire. Many who look on may share one.
using EventText = std::shared_ptr<const std::string>;
// What is new; where nothing is, waits so long for something. Null or empty: nothing was. It is
// called again at once, and keeps the pace itself.
using NextEvents = std::function<EventText(std::chrono::milliseconds time)>;

// What goes on until one side closes or the session ends; 404 without a feed, 503 where too many
// watch already.
Reply event_stream(Desk& desk, const Request& request, NextEvents next);

}  // namespace waypost::api
