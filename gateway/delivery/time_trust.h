// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "gateway/base/clock.h"

namespace waypost {

// Whether the wall clock may be believed for what cannot be undone: expiry, retention, deletion of
// keys. A jump against box time of over an hour that nothing explains suspends that until the
// kernel says it is synchronised, or somebody tells or confirms the time. Where no battery kept the
// clock while the box was off, the time is unknown from the start. Not thread-safe.
class TimeTrust {
  public:
    // What the clock showed before this start, 0 if nobody knows: when it was last believed, and
    // when it was last seen. `kept`: it went on while the box was off.
    TimeTrust(const Clock& clock, std::int64_t believed_wall_ms, std::int64_t seen_wall_ms,
              bool kept = true);

    // Looks again; true while the time is believed.
    bool look();
    void confirm();  // by the operator: from here on the clock counts as right
    const std::string& why() const { return why_; }
    // By how much the clock has jumped since this was last asked, believed or not: times on record
    // are of the clock before.
    milliseconds take_jump() { return std::exchange(jumped_, milliseconds(0)); }

  private:
    void anchor();
    const Clock& clock_;
    WallTime wall_;
    BoxTime box_;
    std::string why_;  // empty: believed
    milliseconds jumped_{0};
};

}  // namespace waypost
