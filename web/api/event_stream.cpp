// SPDX-License-Identifier: Apache-2.0
#include "web/api/event_stream.h"

#include "gateway/base/live_feed.h"

namespace waypost::api {
namespace {

constexpr std::chrono::seconds kStillHere{5};  // by which a browser that is gone is noticed
constexpr std::chrono::milliseconds kBatchEvery{250};
constexpr int kBatchesUnasked = 20;  // then whether the session goes on

Result<void> watch(LiveFeed& feed, const WriteNew& write_new, const std::function<bool()>& may,
                   std::ostream& out) {
    out << ": live\n\n" << std::flush;
    int batches = 0;
    do {
        const bool any = write_new(out, kStillHere);
        if (!any && !feed.closed()) out << ":\n\n";
        out << std::flush;
        if ((!any || ++batches % kBatchesUnasked == 0) && !may()) break;
        if (any) feed.rest(kBatchEvery);
    } while (out.good() && !feed.closed());
    return {};
}

}  // namespace

void write_event(std::ostream& out, std::uint64_t number, const std::string& kind,
                 const Json& data) {
    out << "id: " << number << "\nevent: " << kind << "\ndata: ";
    data.stringify(out);
    out << "\n\n";
}

Reply event_stream(Desk& desk, const Request& request, WriteNew write_new) {
    LiveFeed* feed = desk.live();
    if (feed == nullptr) return fail(404, "not-found", "nothing tells live events here");
    const auto watcher = std::make_shared<LiveFeed::Watcher>(
        *feed, request.visitor.session.empty() ? LiveFeed::Place::Box : LiveFeed::Place::Console);
    if (!watcher->admitted()) return fail(503, "busy", "too many watch already");
    Reply reply;
    reply.endless = true;
    reply.content_type = "text/event-stream";
    reply.headers["Cache-Control"] = "no-store";
    // A session that has ended hears no more.
    const auto may = [&desk, visitor = request.visitor] { return desk.console().still(visitor); };
    reply.content = [feed, watcher, may, write_new = std::move(write_new)](std::ostream& out) {
        return watch(*feed, write_new, may, out);
    };
    return reply;
}

}  // namespace waypost::api
