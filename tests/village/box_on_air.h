// SPDX-License-Identifier: Apache-2.0
// The box of a busy village (tests/stepped): its device hears the crowd on one channel.
#pragma once

#include <functional>
#include <memory>

#include "busy_village.h"
#include "crowd.h"
#include "radio/simulator/device.h"
#include "tests/stepped/stepped_box.h"

namespace waypost::village {

class BoxOnAir {
  public:
    // The first `named` handhelds belong to people "p0", "p1", ...; the first three answer alarms.
    BoxOnAir(const Plan& plan, int handhelds, int named);

    void run_for(milliseconds time) { box_.run_for(time); }
    BoxTime now() { return scheduler_.now(); }
    void after(milliseconds delay, std::function<void()> what) {
        scheduler_.after(delay, std::move(what));
    }
    // From outside, or a notice of the operator's.
    void accept(Message message) { box_.accept(std::move(message)); }
    Crowd& crowd() { return crowd_; }
    milliseconds most_used() const { return box_.most_airtime_used(); }
    milliseconds channel_used() const { return air_.used(); }
    void on_mail_out(std::function<void(const Delivery&)> what) {
        box_.on_mail_out = std::move(what);
    }

  private:
    simulator::Scheduler scheduler_;
    std::unique_ptr<Random> random_;
    simulator::Air air_;
    simulator::MeshNode node_;
    simulator::Device device_;
    Crowd crowd_;
    SteppedBox box_;
};

}  // namespace waypost::village
