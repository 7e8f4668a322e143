// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "radio/airtime/record.h"

namespace waypost {

class SharedBand;

// Airtime spent in the sliding hour, in box time: neither a restart nor a jump of the wall clock
// gives back what was used. Two accounts: what the gateway sends is held to its share; all that its
// device sends, with acks, telemetry and what it relays for others, is held to the law. Most of the
// latter no host is told of packet by packet, so the device's own figure of the hour is the least
// that counts as used there. Where several radios share a band (shared_band.h), what all of them
// send is held to the band's law as well. One thread each.
class AirtimeLedger {
  public:
    AirtimeLedger() = default;
    ~AirtimeLedger();
    AirtimeLedger(const AirtimeLedger&) = delete;
    AirtimeLedger& operator=(const AirtimeLedger&) = delete;

    // `share` per hour for the gateway; `reserve` of it is spent by alarms only. `law`: for all.
    void set_budget(milliseconds share, milliseconds reserve,
                    milliseconds law = milliseconds::max());
    // After load(). `radio` is the same after a restart of this radio alone.
    void share_band(std::shared_ptr<SharedBand> band, const std::string& radio);

    bool may_spend(BoxTime now, milliseconds airtime, bool alarm) const;
    void spend(BoxTime now, milliseconds airtime);
    // Both in one, so that no other radio of the band comes between; false: nothing is spent.
    bool take(BoxTime now, milliseconds airtime, bool alarm);
    // By the device itself: an ack.
    void spend_beside(BoxTime now, milliseconds airtime);
    // The device says what it sent in the hour that ends now.
    void observe(BoxTime now, milliseconds all);
    // What is under way may cost so much yet, on a band that is shared: others leave it alone.
    void hold(milliseconds airtime);
    milliseconds total() const { return total_; }  // spent by the gateway since this object is
    milliseconds used(BoxTime now) const;          // by the gateway
    milliseconds all_used(BoxTime now) const;      // by the device, as far as is known
    milliseconds left(BoxTime now, bool alarm) const;
    // When so much will be free again; `now` if it is already.
    BoxTime free_at(BoxTime now, milliseconds airtime, bool alarm) const;

    // A short text for the transport's durable state, and back; rubbish counts as nothing spent.
    // `promised` is what may be sent before the next one is on disk: to him who loads it, spent.
    std::string save(BoxTime now, milliseconds promised = {}) const;
    void load(const std::string& text, BoxTime now = BoxTime::max());

  private:
    milliseconds left_of_own(BoxTime now, bool alarm) const;
    void publish() const;

    AirtimeRecord record_;
    milliseconds total_{0};
    milliseconds share_{0};
    milliseconds reserve_{0};
    milliseconds law_{0};
    std::shared_ptr<SharedBand> band_;
    std::string radio_;
};

}  // namespace waypost
