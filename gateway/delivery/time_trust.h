// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/base/clock.h"

namespace waypost {

// Whether the wall clock may be believed for what cannot be undone: expiry, retention, deletion of
// keys. A jump against box time of over an hour that nothing explains suspends that until the
// kernel says it is synchronised, or the operator confirms the time. Not thread-safe.
class TimeTrust {
  public:
    // `last_wall_ms`: what the clock showed when the store last looked, before this start; 0 none.
    TimeTrust(const Clock& clock, std::int64_t last_wall_ms);

    // Looks again; true while the time is believed.
    bool look();
    void confirm();  // by the operator: from here on the clock counts as right
    const std::string& why() const { return why_; }

  private:
    void anchor();
    const Clock& clock_;
    WallTime wall_;
    BoxTime box_;
    std::string why_;  // empty: believed
};

}  // namespace waypost
