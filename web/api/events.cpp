// SPDX-License-Identifier: Apache-2.0
// Live events, as server-sent events (HTML Living Standard, 9.2).
#include <Poco/NumberParser.h>

#include "gateway/base/live_feed.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

constexpr std::chrono::seconds kStillHere{15};

void write(std::ostream& out, const LiveEvent& event) {
    Json details;
    for (const auto& [key, value] : event.details)
        std::visit([&details, &name = key](const auto& plain) { details.set(name, plain); }, value);
    out << "id: " << event.number << "\nevent: " << event.kind << "\ndata: ";
    details.stringify(out);
    out << "\n\n";
}

Result<void> watch(LiveFeed& feed, std::uint64_t after, std::ostream& out) {
    out << ": live\n\n" << std::flush;
    do {
        const auto events = feed.after(after, kStillHere);
        for (const LiveEvent& each : events) {
            write(out, each);
            after = each.number;
        }
        if (events.empty() && !feed.closed()) out << ":\n\n";
        out << std::flush;
    } while (out.good() && !feed.closed());
    return {};
}

// From now on, or behind a number: what was kept of it comes first.
Reply events(Desk& desk, const Request& request) {
    LiveFeed* feed = desk.live();
    if (feed == nullptr) return fail(404, "not-found", "nothing tells live events here");
    const auto watcher = std::make_shared<LiveFeed::Watcher>(*feed);
    if (!watcher->admitted()) return fail(503, "busy", "four watch already");
    const auto after = request.query.find("after");
    const std::uint64_t number = after == request.query.end()
                                     ? feed->last()
                                     : Poco::NumberParser::parseUnsigned64(after->second);
    Reply reply;
    reply.endless = true;
    reply.content_type = "text/event-stream";
    reply.headers["Cache-Control"] = "no-store";
    reply.content = [feed, watcher, number](std::ostream& out) {
        return watch(*feed, number, out);
    };
    return reply;
}

}  // namespace

std::vector<Route> event_routes() { return {{"GET", "/events", events}}; }

}  // namespace waypost::api
