// SPDX-License-Identifier: Apache-2.0
// The clock of a box that may have no battery for one: it shows what the machine shows until
// somebody who knows tells it the time (a radio with GPS, the operator). The gateway may not set
// the machine's clock; what was told counts here at once, and lies in a file for who may set it.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace waypost {

// Since the machine started, asleep too (CLOCK_BOOTTIME).
milliseconds since_boot();

// What was told, and when: "1800000000123 45678 meshtastic.roof", a line of a file that is gone
// with the machine's run.
struct ToldTime {
    WallTime wall{};
    milliseconds at{0};  // since_boot()
    std::string by;
};
std::string to_string(const ToldTime& told);
std::optional<ToldTime> parse_told_time(const std::string& line);  // nullopt: it is none

// Thread-safe.
class ToldClock final : public Clock {
  public:
    // `machine` outlives it. `file`: where what is told is kept while the machine runs, also for
    // who may set its clock; empty: in memory only.
    ToldClock(const Clock& machine, std::function<milliseconds()> since_boot, std::string file);

    // What the machine shows, or what follows from what was told while they are apart by more than
    // two seconds.
    WallTime wall() const override;
    BoxTime box() const override { return machine_.box(); }
    // The machine's clock is, or somebody has told the time since the machine runs. Once the
    // machine's is, what was told before counts no more.
    bool synchronised() const override;

    // True: it counts from now on. False: the machine's clock is synchronised, which is better.
    // BadInput: no time that it can be now.
    Result<bool> tell(WallTime now, const std::string& by);
    std::string told_by() const;  // empty: nobody

  private:
    WallTime told_now(const ToldTime& told) const { return told.wall + (since_boot_() - told.at); }
    const Clock& machine_;
    const std::function<milliseconds()> since_boot_;
    const std::string file_;
    mutable std::mutex mutex_;
    mutable std::optional<ToldTime> told_;  // under mutex_
};

// Whether this machine's clock went on while it was switched off, as far as the system tells: one
// with a battery shows what the machine shows; a board that has none, or whose battery is empty,
// does not. `sys`: "/sys".
bool clock_was_kept(const std::string& sys, WallTime now);

}  // namespace waypost
