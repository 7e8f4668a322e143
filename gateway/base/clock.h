// SPDX-License-Identifier: Apache-2.0
// Two kinds of time, never mixed. Wall time is what a person reads and what expiry means; on a box
// without a battery clock it can be wrong. Box time only moves forward, also across restarts: it
// counts the milliseconds this box has been running, and all waiting (back-off, windows) uses it.
#pragma once

#include <chrono>
#include <cstdint>

namespace waypost {

using std::chrono::milliseconds;
using WallTime = std::chrono::sys_time<milliseconds>;

struct BoxEpoch {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = milliseconds;
    using time_point = std::chrono::time_point<BoxEpoch>;
    static constexpr bool is_steady = true;
};
using BoxTime = BoxEpoch::time_point;

inline std::int64_t to_ms(WallTime t) { return t.time_since_epoch().count(); }
inline std::int64_t to_ms(BoxTime t) { return t.time_since_epoch().count(); }
inline WallTime wall_from_ms(std::int64_t ms) { return WallTime(milliseconds(ms)); }
inline BoxTime box_from_ms(std::int64_t ms) { return BoxTime(milliseconds(ms)); }

// All methods may be called from any thread.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;
    virtual BoxTime box() const = 0;
    // True while something better than habit vouches for wall(): the kernel says it is
    // synchronised (adjtimex), or the operator confirmed it.
    virtual bool synchronised() const = 0;
};

// The machine's clocks. Box time starts at `start`, the last value the store remembers.
class SystemClock : public Clock {
  public:
    explicit SystemClock(BoxTime start = {});
    WallTime wall() const override;
    BoxTime box() const override;
    bool synchronised() const override;

  private:
    BoxTime start_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace waypost
