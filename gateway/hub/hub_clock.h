// SPDX-License-Identifier: Apache-2.0
// The time of day of a hub: the database's, so that workers whose own clocks are apart write the
// same. Between two looks at the database it goes on with the machine's steady clock.
#pragma once

#include <atomic>
#include <cstdint>

#include "gateway/base/clock.h"

namespace waypost::hub {

// Thread-safe. Until it was told it shows what `machine` shows; `machine` outlives it.
class HubClock final : public Clock {
  public:
    explicit HubClock(const Clock& machine) : machine_(machine) {}
    WallTime wall() const override;
    BoxTime box() const override { return machine_.box(); }
    // Who keeps the database keeps its clock; nobody tells a hub the time.
    bool synchronised() const override { return told_; }

    // What the database's clock showed just now. The answer may have taken a while: what differs by
    // less than a quarter of a second changes nothing.
    void is(WallTime database);

  private:
    const Clock& machine_;
    std::atomic<std::int64_t> ahead_ms_{0};  // of box time
    std::atomic<bool> told_{false};
};

}  // namespace waypost::hub
