// SPDX-License-Identifier: Apache-2.0
// The real office, the real Meshtastic transport and a simulated village on one thread and one
// virtual clock; the mail relay is a fake that takes what it gets. Nothing sleeps and nothing
// syncs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"
#include "observer.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/simulator/world.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_transport.h"

namespace waypost::month {

// The gateway's end of the device's line.
class DeviceLine final : public ByteLine {
  public:
    DeviceLine(simulator::Device& device, Observer& observer)
        : device_(device), observer_(observer) {}
    Result<std::string> read(milliseconds) override;  // never waits
    Result<void> write(std::string_view bytes) override;
    void wake() noexcept override {}
    bool took() { return std::exchange(took_, false); }  // something was read since the last call

  private:
    simulator::Device& device_;
    Observer& observer_;
    meshtastic::StreamParser parser_;
    bool took_ = false;
};

class Town {
  public:
    // `people`: handhelds with a name; `strangers`: without. The first of `people` is the operator.
    Town(const std::vector<std::string>& people, const std::vector<std::string>& strangers);
    ~Town();
    Town(const Town&) = delete;
    Town& operator=(const Town&) = delete;

    void run_for(milliseconds time);
    BoxTime now() { return world_.scheduler().now(); }
    void after(milliseconds delay, std::function<void()> what);
    void says(const std::string& name, const std::string& text);  // to the box
    void turn(const std::string& name, bool on);
    // From bob@example.org; the verdict is there after the next step of the office.
    void mail(const Address& to, const std::string& text);

    Observer& observer() { return observer_; }
    const Clock& clock() const { return clock_; }
    milliseconds ledger_used() const { return radio_->status().airtime_used; }
    milliseconds ledger_most() const { return ledger_most_; }
    FakeTransport& relay() { return *relay_; }
    store::Store& store() { return *store_; }
    std::size_t in_hand();  // deliveries that have not ended and are not held
    std::vector<store::DeliveryRow> all_in(State state);

    std::function<void(const Delivery&)> on_mail_out;

  private:
    void settle_people(const std::vector<std::string>& people);
    void step();
    void look_at_relay();
    BoxTime office_time(BoxTime world) const { return world + ahead_; }
    BoxTime next_moment();

    std::string folder_;
    simulator::World world_;
    Observer observer_;
    DeviceLine line_;
    FakeClock clock_;
    milliseconds ahead_{0};  // the office's box time is so much later than the world's
    std::unique_ptr<Random> random_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Box> box_;
    std::unique_ptr<GatewayOffice> office_;
    std::shared_ptr<meshtastic::MeshtasticTransport> radio_;
    std::shared_ptr<FakeTransport> relay_;
    milliseconds ledger_most_{0};
    BoxTime house_{};                  // of the world
    std::optional<BoxTime> next_due_;  // of the world
    bool busy_ = true;                 // the office was given something
    int mails_ = 0;
};

}  // namespace waypost::month
