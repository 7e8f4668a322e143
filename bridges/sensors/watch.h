// SPDX-License-Identifier: Apache-2.0
// When one sensor's readings are worth telling: limits with hysteresis, for how long, and quiet
// repeats. Without clock: readings and box time in. A value, which outlasts a restart as text.
#pragma once

#include <cstdint>
#include <string>

#include "bridges/sensors/rule.h"

namespace waypost::sensors {

class Watch {
  public:
    enum class Did {
        Nothing,
        Begins,  // tell it
        Again,   // it still is so
        Over,    // what was told is over
    };
    // What follows from this reading. It stands when commit() is called, once what was told is on
    // disk: a reading that is brought again comes to the same.
    Did look(const Rule& rule, double value, BoxTime now);
    void commit() { stands_ = next_; }
    void forget() { next_ = stands_; }
    // Known before anything is told: by it a repeat of the same telling is recognised.
    std::string episode() const {
        return std::to_string(next_.since) + '-' + std::to_string(next_.times);
    }
    bool changed() const { return !(next_ == stands_); }

    std::string save() const;  // of what look() found
    // The same before anything of it is told: an episode keeps its name if we are killed then.
    std::string save_untold() const;
    static Watch load(const std::string& text);  // rubbish: nothing has happened yet

  private:
    struct State;
    static std::string text_of(const State& state);
    enum class Phase { Quiet = 0, Beyond = 1, Told = 2 };
    struct State {
        Phase phase = Phase::Quiet;
        std::int64_t since = 0;  // box ms at which it went beyond
        std::int64_t told = 0;   // box ms; 0: never
        std::int64_t times = 0;  // told since then
        bool operator==(const State&) const = default;
    };
    State stands_, next_;
};

}  // namespace waypost::sensors
