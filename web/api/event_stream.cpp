// SPDX-License-Identifier: Apache-2.0
#include "web/api/event_stream.h"

#include <mutex>

#include "gateway/base/live_feed.h"

namespace waypost::api {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kStillHere{5};  // by which a browser that is gone is noticed
// Whether the session goes on is asked before a villager is told anything; who looks after the box
// is told so long without.
constexpr std::chrono::seconds kOperatorMay{1};

class Stream {
  public:
    Stream(Desk& desk, const Request& request)
        : desk_(desk),
          visitor_(request.visitor),
          watcher_(*desk.live(), place_of(request.visitor)),
          may_lasts_(request.visitor.role >= Role::Operator ? kOperatorMay : Clock::duration(0)) {}
    bool admitted() const { return watcher_.admitted(); }

    void run(const NextEvents& next, std::ostream& out) {
        const LiveFeed& feed = *desk_.live();
        out << ": live\n\n" << std::flush;
        auto spoke = Clock::now();
        do {
            const EventText text =
                next(std::chrono::ceil<milliseconds>(spoke + kStillHere - Clock::now()));
            const bool any = text && !text->empty();
            const auto now = Clock::now();
            if (!any && now - spoke < kStillHere) continue;
            if (!may(now)) return;
            out << (any ? std::string_view(*text) : ":\n\n") << std::flush;
            spoke = now;
        } while (out.good() && !feed.closed());
    }

  private:
    static LiveFeed::Place place_of(const Visitor& visitor) {
        if (visitor.session.empty()) return LiveFeed::Place::Box;
        return visitor.role >= Role::Operator ? LiveFeed::Place::Console
                                              : LiveFeed::Place::Villager;
    }
    // A session that has ended hears no more. All ask at the same moment, when a batch comes: one
    // after the other they share a reader of the store, where each at once would open its own.
    bool may(Clock::time_point now) {
        static std::mutex one_asks;
        if (now - asked_ < may_lasts_) return true;
        asked_ = now;
        const std::lock_guard lock(one_asks);
        return desk_.console().still(visitor_);
    }

    Desk& desk_;
    const Visitor visitor_;
    const LiveFeed::Watcher watcher_;
    const Clock::duration may_lasts_;
    Clock::time_point asked_ = Clock::now();
};

}  // namespace

std::string event_text(std::uint64_t number, const std::string& kind, const std::string& json) {
    return "id: " + std::to_string(number) + "\nevent: " + kind + "\ndata: " + json + "\n\n";
}

Reply event_stream(Desk& desk, const Request& request, NextEvents next) {
    if (desk.live() == nullptr) return fail(404, "not-found", "nothing tells live events here");
    const auto stream = std::make_shared<Stream>(desk, request);
    if (!stream->admitted()) return fail(503, "busy", "too many watch already");
    Reply reply;
    reply.endless = true;
    reply.content_type = "text/event-stream";
    reply.headers["Cache-Control"] = "no-store";
    reply.content = [stream, next = std::move(next)](std::ostream& out) -> Result<void> {
        stream->run(next, out);
        return {};
    };
    return reply;
}

}  // namespace waypost::api
