// SPDX-License-Identifier: Apache-2.0
// What the core tells the live feed: deliveries that moved, and transports that come, go, or are up
// or down.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/live_feed.h"
#include "gateway/custody/ledger.h"
#include "gateway/delivery/transports.h"

namespace waypost {

// `event: delivery`. Any thread.
void tell_moved(LiveFeed& feed, const std::vector<Moved>& moved);

// `event: transport`, of what has changed since the last look. One thread.
class TransportWatch {
  public:
    static constexpr std::chrono::seconds kEvery{1};

    TransportWatch(const Transports& transports, LiveFeed& feed)
        : transports_(transports), feed_(feed) {}
    // Whether somebody looks on or not: who comes just then must not miss what he was not told.
    void look();
    void run();  // until the feed closes

  private:
    struct Seen {
        std::string network;
        bool up = false;
        std::string why;
        bool operator==(const Seen&) const = default;
    };
    using All = std::map<TransportId, Seen>;
    All now() const;
    void tell(const TransportId& id, const Seen& seen, bool gone);

    const Transports& transports_;
    LiveFeed& feed_;
    All seen_;
};

}  // namespace waypost
