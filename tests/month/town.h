// SPDX-License-Identifier: Apache-2.0
// A simulated village with its box (tests/stepped) on one virtual clock.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "observer.h"
#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/world.h"
#include "tests/stepped/stepped_box.h"

namespace waypost::month {

class Town {
  public:
    // `people`: handhelds with a name; `strangers`: without. The first of `people` is the operator.
    Town(const std::vector<std::string>& people, const std::vector<std::string>& strangers);

    void run_for(milliseconds time) { box_.run_for(time); }
    BoxTime now() { return world_.scheduler().now(); }
    void after(milliseconds delay, std::function<void()> what);
    void says(const std::string& name, const std::string& text);  // to the box
    void turn(const std::string& name, bool on);
    // From bob@example.org; the verdict is there after the next step of the office.
    void mail(const Address& to, const std::string& text);

    Observer& observer() { return observer_; }
    milliseconds ledger_most() const { return box_.most_airtime_used(); }
    FakeTransport& relay() { return box_.relay(); }
    store::Store& store() { return box_.store(); }
    std::size_t in_hand();  // deliveries that have not ended and are not held
    std::vector<store::DeliveryRow> all_in(State state);
    void on_mail_out(std::function<void(const Delivery&)> what) {
        box_.on_mail_out = std::move(what);
    }

  private:
    void watch(std::string_view bytes);

    simulator::World world_;
    Observer observer_;
    meshtastic::StreamParser to_device_;
    std::unique_ptr<Random> random_;
    SteppedBox box_;
    int mails_ = 0;
};

}  // namespace waypost::month
