// SPDX-License-Identifier: Apache-2.0
// Live events, as server-sent events (HTML Living Standard, 9.2).
#include <Poco/NumberParser.h>

#include <algorithm>
#include <functional>
#include <set>

#include "gateway/base/live_feed.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

constexpr std::chrono::seconds kStillHere{5};  // by which a browser that is gone is noticed
constexpr std::chrono::milliseconds kBatchEvery{250};
constexpr int kBatchesUnasked = 20;  // then whether the session goes on

void write(std::ostream& out, const LiveEvent& event) {
    Json details;
    for (const auto& [key, value] : event.details)
        std::visit([&details, &name = key](const auto& plain) { details.set(name, plain); }, value);
    out << "id: " << event.number << "\nevent: " << event.kind << "\ndata: ";
    details.stringify(out);
    out << "\n\n";
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

Result<void> watch(LiveFeed& feed, std::uint64_t after, const std::function<bool()>& may,
                   std::ostream& out) {
    out << ": live\n\n" << std::flush;
    int batches = 0;
    do {
        const auto events = feed.after(after, kStillHere);
        for (const LiveEvent& each : newest(events)) write(out, each);
        if (!events.empty()) after = events.back().number;
        if (events.empty() && !feed.closed()) out << ":\n\n";
        out << std::flush;
        if ((events.empty() || ++batches % kBatchesUnasked == 0) && !may()) break;
        if (!events.empty()) feed.rest(kBatchEvery);
    } while (out.good() && !feed.closed());
    return {};
}

// From now on, or behind a number: what was kept of it comes first.
Reply events(Desk& desk, const Request& request) {
    LiveFeed* feed = desk.live();
    if (feed == nullptr) return fail(404, "not-found", "nothing tells live events here");
    const auto watcher = std::make_shared<LiveFeed::Watcher>(
        *feed, request.visitor.session.empty() ? LiveFeed::Place::Box : LiveFeed::Place::Console);
    if (!watcher->admitted()) return fail(503, "busy", "too many watch already");
    const auto after = request.query.find("after");
    const std::uint64_t number = after == request.query.end()
                                     ? feed->last()
                                     : Poco::NumberParser::parseUnsigned64(after->second);
    Reply reply;
    reply.endless = true;
    reply.content_type = "text/event-stream";
    reply.headers["Cache-Control"] = "no-store";
    // A session that has ended hears no more.
    const auto may = [&desk, visitor = request.visitor] { return desk.console().still(visitor); };
    reply.content = [feed, watcher, number, may](std::ostream& out) {
        return watch(*feed, number, may, out);
    };
    return reply;
}

}  // namespace

std::vector<Route> event_routes() { return {{"GET", "/events", events}}; }

}  // namespace waypost::api
