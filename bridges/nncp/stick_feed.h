// SPDX-License-Identifier: Apache-2.0
// What the courier does, as live events of the gateway: noticed, asked, began, progress (four a
// second at most, and each new phase), safe, failed, gone. By the courier's thread.
#pragma once

#include <set>

#include "bridges/nncp/courier/courier.h"
#include "gateway/base/live_feed.h"

namespace waypost::nncp {

class StickFeed {
  public:
    StickFeed(LiveFeed& feed, std::string transport)
        : feed_(feed), transport_(std::move(transport)) {}
    void operator()(const CourierEvent& event);

  private:
    bool too_soon(const StickStatus& stick);
    void tell(const char* what, const StickStatus& stick, bool with_progress = false);

    LiveFeed& feed_;
    const std::string transport_;
    std::set<std::string> here_;  // that were told of
    Phase phase_ = Phase::Syncing;
    std::chrono::steady_clock::time_point told_{};
};

}  // namespace waypost::nncp
