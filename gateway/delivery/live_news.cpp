// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/live_news.h"

namespace waypost {
namespace {

constexpr std::chrono::seconds kUnwatched{10};  // each look wakes the processor

}  // namespace

// There are many of them: while nobody looks on none is made, nor pushes out what is kept of
// others.
void tell_moved(LiveFeed& feed, const std::vector<Moved>& moved) {
    if (!feed.watched()) return feed.pass_over();
    for (const Moved& each : moved) {
        LiveEvent event{"delivery",
                        {{"id", each.delivery},
                         {"message", each.message},
                         {"network", each.network},
                         {"state", std::string(to_string(each.state))}}};
        event.subject = std::to_string(each.delivery);
        for (const std::string& handle : {each.owner, each.turn})
            if (!handle.empty()) event.owners.push_back(handle);
        feed.tell(std::move(event));
    }
}

void TransportWatch::look() {
    const All before = std::exchange(seen_, now());
    for (const auto& [id, seen] : seen_) {
        const auto known = before.find(id);
        if (known == before.end() || known->second != seen) tell(id, seen, false);
    }
    for (const auto& [id, seen] : before)
        if (seen_.count(id) == 0) tell(id, seen, true);
}

void TransportWatch::run() {
    while (!feed_.closed()) {
        look();
        feed_.rest(feed_.watched() ? kEvery : kUnwatched);
    }
}

// What one that is up is doing just then is no news.
TransportWatch::All TransportWatch::now() const {
    All all;
    for (const auto& transport : transports_.all()) {
        Status status = transport->status();
        if (status.up) status.why.clear();
        all[transport->id()] = {transport->network(), status.up, std::move(status.why)};
    }
    return all;
}

void TransportWatch::tell(const TransportId& id, const Seen& seen, bool gone) {
    const std::string what = gone ? "gone" : seen.up ? "up" : "down";
    LiveEvent event{"transport", {{"transport", id}, {"network", seen.network}, {"what", what}}};
    if (what == "down") event.details["words"] = seen.why;
    event.subject = id;
    feed_.tell(std::move(event));
}

}  // namespace waypost
