// SPDX-License-Identifier: Apache-2.0
// Live events: what happens to deliveries, links and sticks.
#include <Poco/NumberParser.h>

#include <algorithm>
#include <set>

#include "gateway/base/live_feed.h"
#include "web/api/event_stream.h"

namespace waypost::api {
namespace {

void write(std::ostream& out, const LiveEvent& event) {
    Json details;
    for (const auto& [key, value] : event.details)
        std::visit([&details, &name = key](const auto& plain) { details.set(name, plain); }, value);
    write_event(out, event.number, event.kind, details);
}

// Of several about one subject the last.
std::vector<LiveEvent> newest(const std::vector<LiveEvent>& events) {
    std::set<std::pair<std::string, std::string>> said;
    std::vector<LiveEvent> kept;
    for (auto each = events.rbegin(); each != events.rend(); ++each) {
        if (each->subject.empty() || said.emplace(each->kind, each->subject).second)
            kept.push_back(*each);
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

// From now on, or behind a number: what was kept of it comes first.
Reply events(Desk& desk, const Request& request) {
    LiveFeed* feed = desk.live();
    const auto said = request.query.find("after");
    std::uint64_t after = feed == nullptr ? 0 : feed->last();
    if (said != request.query.end()) after = Poco::NumberParser::parseUnsigned64(said->second);
    return event_stream(desk, request, [feed, after](std::ostream& out, auto time) mutable {
        const auto all = feed->after(after, time);
        for (const LiveEvent& each : newest(all)) write(out, each);
        if (!all.empty()) after = all.back().number;
        return !all.empty();
    });
}

}  // namespace

std::vector<Route> event_routes() { return {{"GET", "/events", events}}; }

}  // namespace waypost::api
