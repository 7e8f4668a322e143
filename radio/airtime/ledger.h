// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>

#include "gateway/base/clock.h"

namespace waypost {

// Airtime spent in the sliding hour, in box time: neither a restart nor a jump of the wall clock
// gives back what was used. Not thread-safe.
class AirtimeLedger {
  public:
    // `budget` per hour for everything; `reserve` of it is spent by alarms only.
    void set_budget(milliseconds budget, milliseconds reserve);

    bool may_spend(BoxTime now, milliseconds airtime, bool alarm) const;
    void spend(BoxTime now, milliseconds airtime);
    milliseconds used(BoxTime now) const;
    milliseconds left(BoxTime now, bool alarm) const;
    // When so much will be free again; `now` if it is already.
    BoxTime free_at(BoxTime now, milliseconds airtime, bool alarm) const;

    // A short text for the transport's durable state, and back; rubbish counts as nothing spent.
    std::string save(BoxTime now) const;
    void load(const std::string& text);

  private:
    struct Entry {
        BoxTime at;
        milliseconds airtime;
    };
    std::deque<Entry> entries_;  // oldest first, joined per minute: at most 61
    milliseconds budget_{0};
    milliseconds reserve_{0};
};

}  // namespace waypost
