// SPDX-License-Identifier: Apache-2.0
// What one radio has sent, minute by minute of the sliding hour, in box time. A value.
#pragma once

#include <deque>
#include <string>

#include "gateway/base/clock.h"

namespace waypost {

class AirtimeRecord {
  public:
    static constexpr std::chrono::hours kWindow{1};
    static constexpr std::chrono::minutes kGrain{1};

    void spend(BoxTime now, milliseconds airtime) { entry_of(now).airtime += airtime; }
    // By the device itself: an ack, what it repeats for others.
    void spend_beside(BoxTime now, milliseconds airtime) { entry_of(now).beside += airtime; }
    // The device says what it sent in the hour that ends now.
    void observe(BoxTime now, milliseconds all);
    // What is under way may cost so much yet: no other radio of the band may spend it.
    void hold(milliseconds airtime) { held_ = airtime; }
    milliseconds held() const { return held_; }
    milliseconds used(BoxTime now) const;      // by the gateway
    milliseconds all_used(BoxTime now) const;  // by the device, as far as is known
    // When something leaves the hour next, after `now`; BoxTime::max(): nothing does.
    BoxTime next_relief(BoxTime now) const;

    std::string save(BoxTime now, milliseconds promised) const;
    // What lies after `now` was sent at `now`: the box's clock was set back.
    void load(const std::string& text, BoxTime now);

  private:
    struct Entry {
        BoxTime at;
        milliseconds airtime{0};
        milliseconds beside{0};
    };
    Entry& entry_of(BoxTime now);

    std::deque<Entry> entries_;  // oldest first, joined per minute
    BoxTime observed_{};         // never where it is 0
    milliseconds observed_all_{0};
    milliseconds held_{0};
};

}  // namespace waypost
