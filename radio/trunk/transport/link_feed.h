// SPDX-License-Identifier: Apache-2.0
// How a link is, as live events of the gateway: up, down (and why), lossy and clear again, and its
// signal where it changed much. Whoever looks on sees a link grow bad before it is down. One
// thread.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/live_feed.h"
#include "radio/trunk/link_health.h"

namespace waypost::trunk {

class LinkFeed {
  public:
    // The feed outlives it.
    LinkFeed(LiveFeed& feed, std::string transport, std::string neighbour)
        : feed_(feed), transport_(std::move(transport)), neighbour_(std::move(neighbour)) {}

    // Now and then; what is news is told.
    void look(bool up, const std::string& why, const LinkHealth& health, BoxTime now);

  private:
    void tell(const char* what, const std::string& words, const LinkHealth& health);
    void look_at_loss(const LinkHealth& health);
    void look_at_signal(const LinkHealth& health, BoxTime now);

    LiveFeed& feed_;
    const std::string transport_, neighbour_;
    std::optional<bool> up_;
    std::string why_;
    bool lossy_ = false;
    std::optional<float> here_, there_;  // signals that were told
    BoxTime next_signal_{};
};

}  // namespace waypost::trunk
